// A call after the other through the official JavaScript client, for `cargo xtask reliability`: a line of JSON for each.

import { createFalClient } from "@fal-ai/client";
import { createInterface } from "node:readline";

const BASE = process.argv[2];
const PREFIXES = { "fal.run": "run", "queue.fal.run": "queue", "rest.fal.ai": "rest", "v3.fal.media": "cdn" };
const INPUT = { prompt: "a walk", video_url: "https://example.com/walk.mp4" };

const fal = createFalClient({
  credentials: process.env.FAL_KEY,
  requestMiddleware: async (request) => {
    const url = new URL(request.url);
    const prefix = PREFIXES[url.hostname];
    return prefix ? { ...request, url: `${BASE}/${prefix}${url.pathname}${url.search}` } : request;
  },
});

/** The outcome, and whether the caller has something of the job if there is one. */
async function call(task) {
  let id;
  const options = { input: INPUT, onEnqueue: (requestId) => (id = requestId) };
  try {
    const { data } =
      task.task === "run"
        ? await fal.run(task.endpoint, { input: INPUT })
        : await fal.subscribe(task.endpoint, { ...options, mode: task.task === "stream" ? "streaming" : "polling" });
    if (data?.seed !== 42) return { outcome: "another output", known: true, words: JSON.stringify(data) ?? "" };
    return { outcome: "output", known: true, words: "" };
  } catch (error) {
    return { outcome: error.name, known: id !== undefined || Boolean(error.requestId), words: String(error.message) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await call(JSON.parse(line))));
}
