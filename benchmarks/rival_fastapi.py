"""The rival in memory as it was: one FastAPI process under uvicorn, with the same checks as `rival_server`.

FastAPI is no dependency of this project. `--packages` names a folder where it is installed
(`uv pip install --target <folder> fastapi 'uvicorn[standard]'`); its packages come after ours on the path.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import importlib
import json
import sys
from typing import Any


def _app(secret: bytes, work: asyncio.Queue[Any]) -> Any:
    fastapi = importlib.import_module("fastapi")

    async def take(request: Any) -> dict[str, str]:
        body = await request.body()
        stamp = request.headers["X-Chatwoot-Timestamp"].encode()
        expected = hmac.new(secret, stamp + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"sha256={expected}", request.headers["X-Chatwoot-Signature"]):
            raise fastapi.HTTPException(status_code=401)
        work.put_nowait(json.loads(body))
        return {"status": "queued"}

    take.__annotations__["request"] = fastapi.Request
    app = fastapi.FastAPI()
    app.post("/webhook")(take)
    return app


async def _serve(port: int, secret: str) -> None:
    uvicorn = importlib.import_module("uvicorn")
    work: asyncio.Queue[Any] = asyncio.Queue()

    async def drain() -> None:
        while True:
            await work.get()

    drainer = asyncio.create_task(drain())
    config = uvicorn.Config(_app(secret.encode(), work), port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await serving
    drainer.cancel()


def main() -> None:
    """`python -m benchmarks.rival_fastapi`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--packages", required=True)
    arguments = parser.parse_args()
    sys.path.append(arguments.packages)
    uvloop = importlib.import_module("uvloop")
    uvloop.run(_serve(arguments.port, arguments.secret))


if __name__ == "__main__":
    main()
