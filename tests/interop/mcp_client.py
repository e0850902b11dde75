"""The official Python client of MCP against `cargo fal mcp`, with fal-mock in the place of fal: a line for each check."""

import asyncio
import os
import pathlib
import sys
import tempfile

from mcp import Client, StdioServerParameters

PROGRAM, MOCK = sys.argv[1:]
MODEL = "fal-ai/wan-22-vace-fun-a14b/depth"
TOOL = "fal-ai_wan-22-vace-fun-a14b_depth"
VIDEO = "https://example.com/walk.mp4"
ENVIRONMENT = {**os.environ, "FAL_BASE_URL": MOCK, "FAL_KEY": "interop:0123456789abcdef"}

failed = False


def check(name, holds, seen=None):
    global failed
    print(f"{'ok  ' if holds else 'FAIL'} mcp: {name}" + ("" if holds else f": {seen}"))
    failed = failed or not holds


def session(folder, *arguments):
    return Client(StdioServerParameters(command=PROGRAM, args=["fal", "mcp", MODEL, *arguments], env=ENVIRONMENT, cwd=folder))


async def run(folder):
    progress = []

    async def on_progress(amount, total, message):
        progress.append(message)

    async with session(folder, "--unlimited", "--allow", "films", "-o", "out") as client:
        tools = (await client.list_tools()).tools
        check("only the chosen model is a tool", [tool.name for tool in tools] == [TOOL], tools)
        schema = tools[0].input_schema
        check("its parameters are the model's", schema["properties"]["num_frames"]["maximum"] == 241, schema)

        result = await client.call_tool(TOOL, {"num_frames": 5})
        text = result.content[0].text
        told = all(words in text for words in ["/prompt is required", "/num_frames: 5 is less than the minimum 17"])
        check("every violation is told", result.is_error and told, text)

        film = pathlib.Path(folder, "films", "walk.mp4")
        arguments = {"prompt": "Night", "video_url": film.as_uri()}
        result = await client.call_tool(TOOL, arguments, progress_callback=on_progress)
        report = result.structured_content
        check("a call has an output and a request id", not result.is_error and report["output"]["video"]["url"] and report["request_id"], result)
        check("its files are in the folder", pathlib.Path(folder, report["files"][0]).is_file(), report)
        check("progress is told", any("uploading" in message for message in progress) and len(progress) > 1, progress)

        secret = pathlib.Path(folder, "secret.mp4").as_uri()
        result = await client.call_tool(TOOL, {"prompt": "Night", "video_url": secret})
        check("other files stay here", result.is_error and "none of the folders" in result.content[0].text, result)

    async with session(folder, "--budget", "0") as client:
        result = await client.call_tool(TOOL, {"prompt": "Night", "video_url": VIDEO})
        check("an empty budget allows nothing", result.is_error and "the budget of this session has 0.0000 left" in result.content[0].text, result)


with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "films").mkdir()
    for name in ["films/walk.mp4", "secret.mp4"]:
        pathlib.Path(folder, name).write_bytes(b"a film")
    asyncio.run(run(folder))
sys.exit(failed)
