"""The official Python client against fal-mock, over TLS: a line for each check.

The client takes the hosts of runs and of the queue from the environment; those of REST and CDN are patched here.
What a check asks is held against the server's own record of what it saw, never against what the client says alone.
"""

import http.server
import json
import os
import queue
import signal
import sys
import tempfile
import threading
import urllib.request

import fal_client
from fal_client import client as internals

ADDRESS = sys.argv[1]
internals.REST_URL = f"https://{ADDRESS}/rest"
internals.CDN_URL = f"https://{ADDRESS}/cdn"
MODEL = "fal-ai/wan-22-vace-fun-a14b/depth"
INPUT = {"prompt": "a walk", "video_url": "https://example.com/walk.mp4"}
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def equal(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")


def control(path, body=None, method=None):
    """The server's control API, over plain HTTP."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{ADDRESS}/__mock{path}", data, method=method)
    with urllib.request.urlopen(request, timeout=30) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def seen(route):
    return control(f"/requests?route={route}")


def script(endpoint, **lines):
    control("/scripts", {"endpoint": endpoint, "script": lines})


def scripted(**lines):
    return {**INPUT, "__mock": lines}


@check
def run(client):
    output = client.run(MODEL, INPUT)
    equal(sorted(output), ["prompt", "seed", "video"], "members of the output")
    request = seen("run")[0]
    equal(request["headers"]["authorization"], f"Key {os.environ['FAL_KEY']}", "the key")
    equal(request["secure"], True, "TLS")
    equal(json.loads(request["text"]), INPUT, "the input that arrived")


@check
def subscribe_with_logs(client):
    enqueued, updates = [], []
    lines = [{"message": "reading"}, {"message": "painting", "at_ms": 150}]

    def on_update(update):
        updates.append(update)
        # The job waits for it, so that no poll can come too late.
        if isinstance(update, fal_client.InProgress):
            control("/jobs/release", method="POST")

    output = client.subscribe(
        MODEL,
        scripted(queue_positions=[2, 1, 0], queue_step_ms=150, hold="running", logs=lines),
        with_logs=True,
        interval=0.03,
        on_enqueue=enqueued.append,
        on_queue_update=on_update,
    )
    equal("video" in output, True, "a video in the output")
    equal(control("/jobs")[0]["request_id"], enqueued[0], "the request id")
    positions = [update.position for update in updates if isinstance(update, fal_client.Queued)]
    equal(positions, sorted(positions, reverse=True), "queue positions")
    equal(bool(positions) and set(positions) <= {2, 1, 0}, True, f"queue positions {positions}")
    equal(isinstance(updates[-1], fal_client.Completed), True, "completed")
    equal([line["message"] for line in updates[-1].logs], ["reading", "painting"], "logs")
    equal(control("/counters")["jobs_created"], 1, "jobs that were paid for")


@check
def submit_status_result(client):
    handle = client.submit(MODEL, scripted(hold="running", run_ms=1), priority="low", hint="lora-a", start_timeout=60)
    status = handle.status(with_logs=True)
    equal(isinstance(status, (fal_client.Queued, fal_client.InProgress)), True, f"pending, {status}")
    control(f"/jobs/{handle.request_id}/release", method="POST")
    equal("video" in handle.get(interval=0.02), True, "a video in the output")
    equal("video" in client.result(MODEL, handle.request_id), True, "the result by its id")
    headers = seen("submit")[0]["headers"]
    equal(headers.get("x-fal-queue-priority"), "low", "the priority's header")
    equal(headers.get("x-fal-runner-hint"), "lora-a", "the hint's header")
    equal(float(headers.get("x-fal-request-timeout", "nan")), 60.0, "the start timeout's header")


@check
def cancel(client):
    handle = client.submit(MODEL, scripted(hold="queued"))
    client.cancel(MODEL, handle.request_id)
    equal(len(seen("cancel")), 1, "cancel requests")
    equal(control("/jobs")[0]["status"], "COMPLETED", "the job's status")
    equal(isinstance(handle.status(), fal_client.Completed), True, "completed")
    try:
        handle.get()
    except fal_client.client.FalClientHTTPError as error:
        equal(error.status_code // 100, 4, "the status of a cancelled job's result")
    else:
        raise AssertionError("a cancelled job gave a result")


@check
def errors(client):
    try:
        client.subscribe(MODEL, {"prompt": 5})
    except fal_client.client.FalClientHTTPError as error:
        equal(error.status_code, 422, "the status of a bad input")
        detail = error.response.json()["detail"]
        equal({".".join(one["loc"]) for one in detail}, {"body.prompt", "body.video_url"}, "places that are wrong")
    else:
        raise AssertionError("a bad input gave a result")


@check
def retries(client):
    control("/faults", {"fault": {"reply": {"status": 429}}, "routes": ["status"], "times": 1})
    equal("video" in client.subscribe(MODEL, INPUT), True, "a video in the output")
    equal(len(seen("status")) >= 2, True, "status requests after a 429")


@check
def stream(client):
    script("acme/teller", stream_events=[{"text": "one"}, {"text": "zwölf ✓"}], stream_step_ms=20)
    events = list(client.stream("acme/teller", {"prompt": "count"}))
    equal(events, [{"text": "one"}, {"text": "zwölf ✓"}], "events")


def uploaded(url, data):
    with urllib.request.urlopen(url.replace("https://", "http://"), timeout=60) as reply:
        equal(reply.read() == data, True, "what is served back")


@check
def upload(client):
    data = b"GIF89a" + os.urandom(5000)
    uploaded(client.upload(data, "image/gif", file_name="a.gif"), data)
    equal(control("/files")[0]["content_type"], "image/gif", "the content type")


@check
def upload_through_signed_url(client):
    data = os.urandom(5000)
    uploaded(client.upload(data, "image/png", file_name="a.png", repository="fal"), data)
    equal((len(seen("storage_initiate")), len(seen("signed_upload"))), (1, 1), "requests of a signed upload")


@check
def upload_multipart(client):
    data = os.urandom(1 << 20) * 101
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(data)
        file.flush()
        uploaded(client.upload_file(file.name), data)
    equal(control("/files")[0]["length"], len(data), "the length")
    equal((len(seen("cdn_part")), len(seen("cdn_complete"))), (11, 1), "parts and their completion")


@check
def realtime(client):
    with client.realtime("acme/echo") as connection:
        for prompt in ("one", "two"):
            connection.send({"prompt": prompt})
            equal(connection.recv().get("prompt"), prompt, "the answer")
    equal([message["binary"] for message in control("/messages")], [True, True], "messages are msgpack")


@check
def webhook(client):
    deliveries = queue.Queue()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            deliveries.put((dict(self.headers), json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{receiver.server_port}/done"
        handle = client.submit(MODEL, INPUT, webhook_url=url)
        headers, body = deliveries.get(timeout=30)
        receiver.shutdown()
    equal((body["request_id"], body["status"]), (handle.request_id, "OK"), "the delivery")
    equal("video" in body["payload"], True, "a video in the payload")
    signed = {name.lower() for name in headers if name.lower().startswith("x-fal-webhook-")}
    wanted = {f"x-fal-webhook-{part}" for part in ("request-id", "user-id", "timestamp", "signature")}
    equal(signed, wanted, "headers of the delivery")


class TookTooLong(Exception):
    pass


def took_too_long(*_):
    raise TookTooLong("not done in time")


def run(one, attempts):
    """Runs a check, which must be done within a minute. About one of a thousand connections of `websockets` over Python's TLS stands
    still while it opens, with one thread that reads and one that waits for the other: those get another attempt."""
    control("/reset", method="POST")
    signal.alarm(60)
    try:
        one(fal_client.SyncClient())
    except TookTooLong:
        if attempts <= 1:
            raise
        run(one, attempts - 1)
    finally:
        signal.alarm(0)


def main():
    failed = 0
    signal.signal(signal.SIGALRM, took_too_long)
    for one in CHECKS:
        name = one.__name__.replace("_", " ")
        try:
            run(one, attempts=3 if one is realtime else 1)
            print(f"ok   python https: {name}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAIL python https: {name}: {type(error).__name__}: {error}", flush=True)
    return 1 if failed else 0


sys.exit(main())
