"""A call after the other through the official Python client, for `cargo xtask reliability`: a line of JSON for each."""

import json
import sys

import fal_client

INPUT = {"prompt": "a walk", "video_url": "https://example.com/walk.mp4"}


def call(task):
    """The outcome, and whether the caller has something of the job if there is one."""
    ids = []
    client = fal_client.SyncClient()
    try:
        if task["task"] == "run":
            output = client.run(task["endpoint"], INPUT)
        else:
            output = client.subscribe(task["endpoint"], INPUT, on_enqueue=ids.append)
        if output.get("seed") != 42:
            return {"outcome": "another output", "known": True, "words": json.dumps(output)}
        return {"outcome": "output", "known": True, "words": ""}
    except Exception as error:
        # With the reply's id, fal's support finds a run; the text of a reply that is not JSON is the reply.
        has_id = "x-fal-request-id" in (getattr(error, "response_headers", None) or {})
        known = bool(ids) or has_id or hasattr(error, "doc")
        return {"outcome": type(error).__name__, "known": known, "words": str(error)}


for line in sys.stdin:
    print(json.dumps(call(json.loads(line))), flush=True)
