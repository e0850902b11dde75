// The tasks of `cargo xtask bench` through the official JavaScript client. A task is JSON; so is the line that is printed.

import { createFalClient } from "@fal-ai/client";
import { openAsBlob, readFileSync } from "node:fs";

const TASK = JSON.parse(process.argv[3]);
const PREFIXES = { "fal.run": "run", "queue.fal.run": "queue", "rest.fal.ai": "rest", "v3.fal.media": "cdn" };
const ENDPOINT = "fal-ai/wan-22-vace-fun-a14b/depth";
const INPUT = { prompt: "a walk", video_url: "https://example.com/walk.mp4" };

const fal = createFalClient({
  credentials: process.env.FAL_KEY,
  requestMiddleware: async (request) => {
    const url = new URL(request.url);
    return { ...request, url: `${TASK.base}/${PREFIXES[url.hostname]}${url.pathname}${url.search}` };
  },
});

/** The most memory that this process ever held. */
function peakMib() {
  return process.resourceUsage().maxRSS / 1024;
}

function meter() {
  const started = performance.now();
  const before = process.cpuUsage();
  return () => {
    const seconds = (performance.now() - started) / 1e3;
    const { user, system } = process.cpuUsage(before);
    return { seconds, cpu_seconds: (user + system) / 1e6, peak_mib: peakMib() };
  };
}

function ofCalls(measured, calls, failures) {
  const { seconds, cpu_seconds } = measured;
  return { ...measured, calls_per_second: calls / seconds, cpu_us: (cpu_seconds * 1e6) / calls, failures };
}

async function once() {
  const { data } = await fal.run(ENDPOINT, { input: INPUT });
  if (data.seed !== 42) throw new Error(`an unexpected output: ${JSON.stringify(data)}`);
}

async function run() {
  await once();
  const each = Math.floor(TASK.calls / TASK.at_once);
  const lane = async () => {
    for (let call = 0; call < each; call += 1) await once();
  };
  const end = meter();
  await Promise.all(Array.from({ length: TASK.at_once }, lane));
  return ofCalls(end(), each * TASK.at_once, 0);
}

async function notice(mode) {
  const found = [];
  for (const run_ms of TASK.run_ms) {
    let accepted;
    await fal.subscribe(ENDPOINT, {
      input: { ...INPUT, __mock: { run_ms } },
      onEnqueue: () => (accepted = performance.now()),
      mode,
    });
    found.push(Math.max(0, performance.now() - accepted - run_ms));
  }
  found.sort((one, other) => one - other);
  const at = (share) => found[Math.floor(((found.length - 1) * share) / 100)];
  return { notice_ms: at(50), notice_p90_ms: at(90), jobs: found.length };
}

async function many() {
  const end = meter();
  const jobs = Array.from({ length: TASK.count }, () => fal.subscribe(ENDPOINT, { input: INPUT }));
  const done = await Promise.allSettled(jobs);
  return ofCalls(end(), TASK.count, done.filter((one) => one.status === "rejected").length);
}

async function upload() {
  const blob = openAsBlob
    ? await openAsBlob(TASK.file, { type: "video/mp4" })
    : new Blob([readFileSync(TASK.file)], { type: "video/mp4" });
  const end = meter();
  await fal.storage.upload(blob);
  const measured = end();
  return { ...measured, mib_per_second: blob.size / (1 << 20) / measured.seconds };
}

const TASKS = {
  run,
  many,
  upload,
  notice: () => notice("streaming"),
  notice_polling: () => notice("polling"),
};
console.log(JSON.stringify(await TASKS[TASK.task]()));
process.exit(0);
