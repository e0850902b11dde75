// The official JavaScript client against fal-mock: a line for each check.
//
// `requestMiddleware` leads its requests to the server; the realtime client takes the global `WebSocket`, which is patched.
// What a check asks is held against the server's own record of what it saw, never against what the client says alone.

import { createFalClient } from "@fal-ai/client";
import assert from "node:assert/strict";
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import http from "node:http";
import { WebSocket } from "ws";

const BASE = process.argv[2];
const SCHEME = BASE.split(":")[0];
const PREFIXES = { "fal.run": "run", "queue.fal.run": "queue", "rest.fal.ai": "rest", "v3.fal.media": "cdn" };
const MODEL = "fal-ai/wan-22-vace-fun-a14b/depth";
const INPUT = { prompt: "a walk", video_url: "https://example.com/walk.mp4" };

/** Where the server plays `url`'s host. */
function local(url) {
  const parsed = new URL(url);
  const prefix = PREFIXES[parsed.hostname];
  return prefix ? `${BASE}/${prefix}${parsed.pathname}${parsed.search}` : url;
}

globalThis.WebSocket = class extends WebSocket {
  constructor(url) {
    super(local(url).replace(/^http/, "ws"));
  }
};

const fal = createFalClient({
  credentials: process.env.FAL_KEY,
  requestMiddleware: async (request) => ({ ...request, url: local(request.url) }),
});

async function control(path, body, method = body ? "POST" : "GET") {
  const reply = await fetch(`${BASE}/__mock${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(reply.ok, `${method} /__mock${path}: ${reply.status}`);
  const text = await reply.text();
  return text ? JSON.parse(text) : undefined;
}

const seen = (route) => control(`/requests?route=${route}`);
const script = (endpoint, script) => control("/scripts", { endpoint, script });
const scripted = (script) => ({ ...INPUT, __mock: script });

/** How a call fails; it must. */
async function failure(call) {
  const output = await call.then((output) => ({ output }), (error) => ({ error }));
  assert.ok(output.error, `it succeeded: ${JSON.stringify(output.output)}`);
  return output.error;
}

async function subscribed(mode) {
  const updates = [];
  const logs = [{ message: "reading" }, { message: "painting", at_ms: 150 }];
  let enqueued, release;
  const result = await fal.subscribe(MODEL, {
    input: scripted({ queue_positions: [2, 1, 0], queue_step_ms: 150, hold: "running", logs }),
    logs: true,
    onEnqueue: (id) => (enqueued = id),
    onQueueUpdate: (update) => {
      updates.push(structuredClone(update));
      // The job waits for it, so that no poll can come too late.
      if (update.status === "IN_PROGRESS") release = control("/jobs/release", undefined, "POST");
    },
    ...mode,
  });
  assert.ok(result.data.video.url, "a video in the output");
  assert.equal((await control("/jobs"))[0].request_id, enqueued);
  assert.equal(result.requestId, enqueued);
  const positions = updates.filter((update) => update.status === "IN_QUEUE").map((update) => update.queue_position);
  assert.ok(positions.length > 0 && positions.every((position) => position <= 2), `queue positions ${positions}`);
  assert.deepEqual(positions, [...positions].sort().reverse(), "queue positions");
  await release;
  const last = updates.at(-1);
  assert.equal(last.status, "COMPLETED");
  assert.deepEqual(last.logs.map((line) => line.message), ["reading", "painting"], "logs");
  assert.equal((await control("/counters")).jobs_created, 1, "jobs that were paid for");
}

/** The delivery of one webhook. */
async function delivered(submit) {
  let receive;
  const delivery = new Promise((resolve) => (receive = resolve));
  const receiver = http.createServer(async (request, response) => {
    const chunks = await request.toArray();
    response.end();
    receive({ headers: request.headers, body: Buffer.concat(chunks) });
  });
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  try {
    await submit(`http://127.0.0.1:${receiver.address().port}/done`);
    return await delivery;
  } finally {
    receiver.close();
  }
}

async function uploadedIs(url, data) {
  const served = Buffer.from(await (await fetch(url)).arrayBuffer());
  assert.ok(served.equals(data), `what is served back (${served.length} bytes) is not what was uploaded`);
}

const CHECKS = {
  async run() {
    const { data, requestId } = await fal.run(MODEL, { input: INPUT });
    assert.deepEqual(Object.keys(data).sort(), ["prompt", "seed", "video"]);
    assert.ok(requestId, "a request id");
    const [request] = await seen("run");
    assert.equal(request.headers.authorization, `Key ${process.env.FAL_KEY}`);
    assert.equal(request.secure, SCHEME === "https");
    assert.deepEqual(JSON.parse(request.text), INPUT);
  },
  "subscribe with logs, polling": () => subscribed({ mode: "polling", pollInterval: 30 }),
  async "subscribe with logs, streaming"() {
    await subscribed({ mode: "streaming" });
    assert.equal((await seen("status_stream")).length, 1, "status streams");
  },
  async "submit, status, result"() {
    const input = scripted({ hold: "running", run_ms: 1 });
    const { request_id: requestId } = await fal.queue.submit(MODEL, { input, priority: "low", hint: "lora-a", startTimeout: 60 });
    const status = await fal.queue.status(MODEL, { requestId, logs: true });
    assert.match(status.status, /IN_QUEUE|IN_PROGRESS/);
    await control(`/jobs/${requestId}/release`, undefined, "POST");
    await fal.queue.subscribeToStatus(MODEL, { requestId, pollInterval: 20 });
    const result = await fal.queue.result(MODEL, { requestId });
    assert.ok(result.data.video.url, "a video in the output");
    const { headers } = (await seen("submit"))[0];
    assert.equal(headers["x-fal-queue-priority"], "low");
    assert.equal(headers["x-fal-runner-hint"], "lora-a");
    assert.equal(Number(headers["x-fal-request-timeout"]), 60);
  },
  async cancel() {
    const { request_id: requestId } = await fal.queue.submit(MODEL, { input: scripted({ hold: "queued" }) });
    await fal.queue.cancel(MODEL, { requestId });
    assert.equal((await seen("cancel")).length, 1);
    const status = await fal.queue.status(MODEL, { requestId });
    assert.equal(status.status, "COMPLETED");
    const error = await failure(fal.queue.result(MODEL, { requestId }));
    assert.equal(Math.floor(error.status / 100), 4, `the status of a cancelled job's result: ${error.status}`);
  },
  async errors() {
    const error = await failure(fal.subscribe(MODEL, { input: { prompt: 5 }, pollInterval: 20 }));
    assert.equal(error.name, "ValidationError");
    assert.equal(error.status, 422);
    const places = error.fieldErrors.map((one) => one.loc.join(".")).sort();
    assert.deepEqual(places, ["body.prompt", "body.video_url"]);
  },
  async retries() {
    await control("/faults", { fault: { reply: { status: 503 } }, routes: ["status"], times: 1 });
    const { data } = await fal.subscribe(MODEL, { input: INPUT, pollInterval: 20 });
    assert.ok(data.video.url, "a video in the output");
    assert.ok((await seen("status")).length >= 2, "status requests after a 503");
  },
  async stream() {
    const told = [{ text: "one" }, { text: "zwölf ✓" }];
    await script("acme/teller", { stream_events: told, stream_step_ms: 20 });
    const stream = await fal.stream("acme/teller", { input: { prompt: "count" } });
    const events = [];
    for await (const event of stream) events.push(event);
    assert.deepEqual(events, told);
    assert.deepEqual(await stream.done(), told[1]);
  },
  async upload() {
    const data = randomBytes(5000);
    await uploadedIs(await fal.storage.upload(new Blob([data], { type: "image/gif" })), data);
    assert.equal((await control("/files"))[0].content_type, "image/gif");
  },
  async "upload as part of an input"() {
    const image = new Blob([randomBytes(500)], { type: "image/png" });
    await fal.run(MODEL, { input: { ...INPUT, first_frame_url: image } });
    const sent = JSON.parse((await seen("run"))[0].text).first_frame_url;
    assert.ok(sent.startsWith("http"), `a URL instead of ${sent}`);
    assert.equal((await control("/files"))[0].length, 500);
  },
  async "upload, multipart"() {
    const data = Buffer.alloc(91 << 20, randomBytes(1 << 16));
    await uploadedIs(await fal.storage.upload(new Blob([data], { type: "video/mp4" })), data);
    assert.equal((await seen("signed_part")).length, 10);
    assert.equal((await seen("signed_complete")).length, 1);
  },
  async realtime() {
    await script("acme/echo", { realtime: { before: [{ type: "x-fal-message", action: "timings", timing: 1.5 }] } });
    const answer = await new Promise((resolve, reject) => {
      const connection = fal.realtime.connect("acme/echo", {
        onResult: (result) => {
          // Not an answer: fal's own words come between them.
          if (result.type === "x-fal-message") return;
          connection.close();
          resolve(result);
        },
        onError: reject,
        tokenProvider: async () => {
          const reply = await fetch(local("https://rest.fal.ai/tokens/"), {
            method: "POST",
            headers: { authorization: `Key ${process.env.FAL_KEY}`, "content-type": "application/json" },
            body: JSON.stringify({ allowed_apps: ["echo"], token_expiration: 120 }),
          });
          return reply.json();
        },
        tokenExpirationSeconds: 120,
      });
      connection.send({ prompt: "one" });
    });
    assert.equal(answer.prompt, "one");
    assert.deepEqual((await control("/messages")).map((message) => message.binary), [true], "messages are msgpack");
    assert.equal((await seen("realtime")).length, 1, "connections");
  },
  async webhook() {
    let requestId;
    const { headers, body } = await delivered(async (webhookUrl) => {
      ({ request_id: requestId } = await fal.queue.submit(MODEL, { input: INPUT, webhookUrl }));
    });
    const { request_id, status, payload } = JSON.parse(body);
    assert.deepEqual([request_id, status], [requestId, "OK"]);
    assert.ok(payload.video.url, "a video in the payload");
    const signed = ["request-id", "user-id", "timestamp"].map((part) => headers[`x-fal-webhook-${part}`]);
    const message = [...signed, createHash("sha256").update(body).digest("hex")].join("\n");
    const { keys } = await (await fetch(local("https://rest.fal.ai/.well-known/jwks.json"))).json();
    const signature = Buffer.from(headers["x-fal-webhook-signature"], "hex");
    const fits = (jwk) => verify(null, message, createPublicKey({ key: jwk, format: "jwk" }), signature);
    assert.ok(keys.some(fits), "the signature fits one of the published keys");
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
  try {
    await inTime(check());
    console.log(`ok   javascript ${SCHEME}: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL javascript ${SCHEME}: ${name}: ${error.name}: ${String(error.message).replaceAll("\n", " ")}`);
  }
}
process.exit(failed ? 1 : 0);
