"""The tasks of `cargo xtask bench` through the official Python client. A task is JSON; so is the line that is printed."""

import json
import os
import resource
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import fal_client
from fal_client import client as internals

TASK = json.loads(sys.argv[2])
ENDPOINT = "fal-ai/wan-22-vace-fun-a14b/depth"
INPUT = {"prompt": "a walk", "video_url": "https://example.com/walk.mp4"}
internals.REST_URL = f"{TASK['base']}/rest"
internals.CDN_URL = f"{TASK['base']}/cdn"


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Meter:
    def __init__(self):
        self.started, self.cpu = time.perf_counter(), time.process_time()

    def of_calls(self, calls, failures):
        seconds, cpu = time.perf_counter() - self.started, time.process_time() - self.cpu
        return {
            "seconds": seconds,
            "calls_per_second": calls / seconds,
            "cpu_us": cpu * 1e6 / calls,
            "cpu_seconds": cpu,
            "peak_mib": peak_mib(),
            "failures": failures,
        }


def checked(output):
    if output.get("seed") != 42:
        raise RuntimeError(f"an unexpected output: {output}")


def run_sequentially():
    client = fal_client.SyncClient()
    checked(client.run(ENDPOINT, INPUT))
    meter = Meter()
    for _ in range(TASK["calls"]):
        checked(client.run(ENDPOINT, INPUT))
    return meter.of_calls(TASK["calls"], 0)


def run_at_once():
    """On threads: here they cost less than the asynchronous client does."""
    client = fal_client.SyncClient()
    checked(client.run(ENDPOINT, INPUT))
    each = TASK["calls"] // TASK["at_once"]

    def lane(_):
        for _ in range(each):
            checked(client.run(ENDPOINT, INPUT))

    with ThreadPoolExecutor(TASK["at_once"]) as pool:
        meter = Meter()
        list(pool.map(lane, range(TASK["at_once"])))
        return meter.of_calls(each * TASK["at_once"], 0)


def notice():
    client, found = fal_client.SyncClient(), []
    for run_ms in TASK["run_ms"]:
        accepted = []
        client.subscribe(
            ENDPOINT,
            {**INPUT, "__mock": {"run_ms": run_ms}},
            on_enqueue=lambda _: accepted.append(time.perf_counter()),
        )
        found.append(max(0.0, (time.perf_counter() - accepted[0]) * 1e3 - run_ms))
    found.sort()
    return {"notice_ms": statistics.median(found), "notice_p90_ms": found[(len(found) - 1) * 90 // 100], "jobs": len(found)}


def many():
    client, count = fal_client.SyncClient(), TASK["count"]

    def failure(_):
        try:
            return checked(client.subscribe(ENDPOINT, INPUT))
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        meter = Meter()
        done = list(pool.map(failure, range(count)))
        return meter.of_calls(count, sum(one is not None for one in done))


def upload():
    size = os.path.getsize(TASK["file"])
    client = fal_client.SyncClient()
    meter = Meter()
    client.upload_file(TASK["file"])
    seconds = time.perf_counter() - meter.started
    return {
        "seconds": seconds,
        "mib_per_second": size / (1 << 20) / seconds,
        "cpu_seconds": time.process_time() - meter.cpu,
        "peak_mib": peak_mib(),
    }


def main():
    name = TASK["task"]
    if name == "run":
        return run_sequentially() if TASK["at_once"] == 1 else run_at_once()
    return {"many": many, "notice": notice, "upload": upload}[name]()


print(json.dumps(main()))
