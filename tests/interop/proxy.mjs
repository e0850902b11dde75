// The official JavaScript client through this project's proxy, with fal-mock behind it: a line for each check.
//
// The client has no key, and its URLs are fal's: what reaches the server does so through the proxy, or to a signed URL.

import { createFalClient } from "@fal-ai/client";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

const [, , PROXY, BASE] = process.argv;
const MODEL = "fal-ai/wan-22-vace-fun-a14b/depth";
const INPUT = { prompt: "a walk", video_url: "https://example.com/walk.mp4" };
/** Each check is another user, so that none uses up the calls of the next. */
let session = 0;

const fal = createFalClient({
  credentials: "",
  proxyUrl: { url: PROXY, when: "always" },
  fetch: (url, init = {}) => {
    const headers = { ...init.headers, ...(url === PROXY && { "x-session": `${session}` }) };
    const there = new URL(url).origin;
    assert.ok([PROXY, BASE].some((known) => there === new URL(known).origin), `a request to ${there}`);
    return fetch(url, { ...init, headers });
  },
});

async function control(path, body, method = body ? "POST" : "GET") {
  const reply = await fetch(`${BASE}/__mock${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(reply.ok, `${method} /__mock${path}: ${reply.status}`);
  const text = await reply.text();
  return text ? JSON.parse(text) : undefined;
}

const seen = (route) => control(`/requests?route=${route}`);
const scripted = (script) => ({ ...INPUT, __mock: script });

/** How a call fails; it must. */
async function failure(call) {
  const output = await call.then((output) => ({ output }), (error) => ({ error }));
  assert.ok(output.error, `it succeeded: ${JSON.stringify(output.output)}`);
  return output.error;
}

async function refused(call, status, reason) {
  const error = await failure(call);
  assert.equal(error.status, status);
  assert.equal(error.body.reason, reason);
  assert.ok(error.message.length > 10, `a message: ${error.message}`);
}

async function subscribed(mode) {
  const states = [];
  const logs = [{ message: "painting" }];
  let release;
  const result = await fal.subscribe(MODEL, {
    input: scripted({ hold: "running", logs }),
    logs: true,
    onQueueUpdate: (update) => {
      states.push(update.status);
      // The job waits for it, so that no poll can come too late.
      if (update.status === "IN_PROGRESS") release = control("/jobs/release", undefined, "POST");
    },
    ...mode,
  });
  await release;
  assert.ok(result.data.video.url, "a video in the output");
  assert.ok(states.includes("IN_PROGRESS") && states.at(-1) === "COMPLETED", `${states}`);
  assert.equal((await control("/counters")).jobs_created, 1, "jobs that were paid for");
}

async function uploaded(data, type) {
  const url = await fal.storage.upload(new Blob([data], { type }));
  const served = Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.ok(served.equals(data), `what is served back (${served.length} bytes) is not what was uploaded`);
}

const CHECKS = {
  async run() {
    const { data, requestId } = await fal.run(MODEL, { input: INPUT });
    assert.ok(data.video.url && requestId, "a video, and a request id");
    const [request] = await seen("run");
    assert.equal(request.headers.authorization, `Key ${process.env.FAL_KEY}`, "the key is the proxy's");
    assert.ok(request.headers["x-fal-client-proxy"].startsWith("fal-proxy/"));
    assert.deepEqual(JSON.parse(request.text), INPUT);
  },
  "subscribe, polling": () => subscribed({ mode: "polling", pollInterval: 30 }),
  async "subscribe, streaming"() {
    await subscribed({ mode: "streaming" });
    assert.equal((await seen("status_stream")).length, 1, "status streams");
  },
  async "submit, status, cancel"() {
    const input = scripted({ hold: "queued" });
    const { request_id: requestId } = await fal.queue.submit(MODEL, { input, priority: "low", startTimeout: 60 });
    const status = await fal.queue.status(MODEL, { requestId, logs: true });
    assert.equal(status.status, "IN_QUEUE");
    await fal.queue.cancel(MODEL, { requestId });
    assert.equal((await seen("cancel")).length, 1);
    const { headers } = (await seen("submit"))[0];
    assert.equal(headers["x-fal-queue-priority"], "low");
    assert.equal(Number(headers["x-fal-request-timeout"]), 60);
  },
  async "errors of the model"() {
    const error = await failure(fal.run(MODEL, { input: { prompt: 5 } }));
    assert.equal(error.name, "ValidationError");
    assert.ok(error.requestId, "a request id");
    const places = error.fieldErrors.map((one) => one.loc.join(".")).sort();
    assert.deepEqual(places, ["body.prompt", "body.video_url"]);
  },
  async stream() {
    const told = [{ text: "one" }, { text: "zwölf ✓" }];
    await control("/scripts", { endpoint: "acme/teller", script: { stream_events: told, stream_step_ms: 20 } });
    const stream = await fal.stream("acme/teller", { input: { prompt: "count" } });
    const events = [];
    for await (const event of stream) events.push(event);
    assert.deepEqual(events, told);
  },
  async "upload as part of an input"() {
    const image = new Blob([randomBytes(500)], { type: "image/png" });
    await fal.subscribe(MODEL, { input: { ...INPUT, first_frame_url: image }, pollInterval: 20 });
    const sent = JSON.parse((await seen("submit"))[0].text).first_frame_url;
    assert.ok(sent.startsWith("http"), `a URL instead of ${sent}`);
    assert.equal((await control("/files"))[0].length, 500);
    assert.equal((await seen("storage_initiate"))[0].headers.authorization, `Key ${process.env.FAL_KEY}`);
  },
  "upload, whole": () => uploaded(randomBytes(5000), "image/gif"),
  async "upload, multipart"() {
    await uploaded(Buffer.alloc(91 << 20, randomBytes(1 << 16)), "video/mp4");
    assert.equal((await seen("signed_part")).length, 10);
  },
  async refusals() {
    await refused(fal.run("acme/other", { input: INPUT }), 400, "endpoint_not_allowed");
    await refused(fal.queue.submit("acme/other", { input: INPUT }), 400, "endpoint_not_allowed");
    await refused(fal.queue.result("acme/other", { requestId: "r-1" }), 400, "endpoint_not_allowed");
    const webhookUrl = "https://example.com/done";
    await refused(fal.queue.submit(MODEL, { input: INPUT, webhookUrl }), 400, "query_not_allowed");
    for (let call = 0; call < 3; call += 1) await fal.run(MODEL, { input: INPUT });
    await refused(fal.run(MODEL, { input: INPUT, retry: { maxRetries: 0 } }), 429, "too_many_requests");
    assert.equal((await seen("run")).length, 3);
    assert.equal((await control("/counters")).jobs_created, 0);
  },
  async "a submit whose reply is lost"() {
    await control("/faults", { fault: "drop", routes: ["submit"], times: 1 });
    await refused(fal.queue.submit(MODEL, { input: INPUT }), 500, "outcome_unknown");
    assert.equal((await seen("submit")).length, 1, "the client did not send it again");
  },
};

/** A check that waits for something that never comes fails too. */
function inTime(check) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("nothing after 120 s")), 120_000).unref());
  return Promise.race([check, late]);
}

let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  await control("/reset", undefined, "POST");
  session += 1;
  try {
    await inTime(check());
    console.log(`ok   javascript through the proxy: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL javascript through the proxy: ${name}: ${error.name}: ${String(error.message).replaceAll("\n", " ")}`);
  }
}
process.exit(failed ? 1 : 0);
