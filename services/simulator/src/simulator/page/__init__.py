"""The chat page: plain HTML, CSS and JavaScript with relative addresses, so that it works behind any prefix."""

from __future__ import annotations

from importlib.resources import files

from aiohttp import web

_STATIC = files("simulator.page") / "static"
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = {each.name: each for each in _STATIC.iterdir() if each.name.rpartition(".")[2] in _TYPES}


async def _to_page(request: web.Request) -> web.Response:
    # Relative, because a gateway may serve this under another host or prefix.
    return web.Response(status=302, headers={"Location": f"{request.path.rpartition('/')[2]}/"})


async def _page(_: web.Request) -> web.Response:
    return _file("index.html")


async def _static(request: web.Request) -> web.Response:
    return _file(request.match_info["name"])


def _file(name: str) -> web.Response:
    if name not in _FILES:
        raise web.HTTPNotFound
    # Read anew each time: a page under development is reloaded, and it is small.
    body = _FILES[name].read_bytes()
    headers = {"Cache-Control": "no-cache"}
    return web.Response(body=body, content_type=_TYPES[name.rpartition(".")[2]], charset="utf-8", headers=headers)


def routes() -> list[web.RouteDef]:
    """`/simulator` and its files."""
    return [
        web.get("/simulator", _to_page),
        web.get("/simulator/", _page),
        web.get("/simulator/static/{name}", _static),
    ]
