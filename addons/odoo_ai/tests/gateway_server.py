"""A gateway on localhost for the tests: keeps what it is sent, and can be told to fail."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "oai_0123456789_" + "a" * 43


class GatewayServer:
    """`stored` is what the assistant would know: by kind and id. `requests` is what came: (method, path, body)."""

    def __init__(self):
        self.key = KEY
        self.stored = {}
        self.requests = []
        self.failures = []
        """Answers to give instead of doing the work, one per request: (status, problem) or "broken"."""
        self.rejects = {}
        """By item id: why the item is rejected."""
        self.poison = set()
        """Ids of items for which a whole request is refused."""
        self.scopes = {"knowledge:read", "knowledge:write", "assistant:ask"}
        self.answer = {"answer": "", "outcome": "answered", "reason": "", "sources": [], "facts": [], "verdicts": []}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"gateway": self}))
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()

    def kind(self, kind):
        return self.stored.setdefault(kind, {})

    def writes(self, kind=None):
        return [
            (method, path, body)
            for method, path, body, _ in self.requests
            if method != "GET" and (kind is None or f"/knowledge/{kind}" in path)
        ]

    def keys_used(self):
        return [headers.get("Idempotency-Key") for method, _, _, headers in self.requests if method == "PATCH"]

    # Answers

    def respond(self, method, path, query, body, headers):
        if self.failures:
            failure = self.failures.pop(0)
            return failure if failure == "broken" or isinstance(failure[1], dict) else _problem(*failure)
        if path == "/api/v1/health":
            return 200, {"status": "ok", "service": "odoo_api", "version": "1.2.3"}
        if headers.get("Authorization") != f"Bearer {self.key}":
            return _problem(401, "invalid-key")
        scope = "assistant:ask" if "assistant" in path else "knowledge:read" if method == "GET" else "knowledge:write"
        if scope not in self.scopes:
            return _problem(403, "insufficient-scope")
        if path == "/api/v1/assistant/answer":
            return (200, self.answer) if body.get("question") else _problem(422, "invalid-request")
        return self._knowledge(method, path.removeprefix("/api/v1/knowledge/"), query, body)

    def _knowledge(self, method, rest, query, body):
        kind, _, item_id = rest.partition("/")
        stored = self.kind(kind)
        if method == "GET" and item_id:
            found = stored.get(unquote(item_id))
            return (200, found) if found else _problem(404, "not-found")
        if method == "GET":
            return 200, {"items": [stored[each] for each in sorted(stored)], "next": None, "total": len(stored)}
        if item_id == "upload":
            return self._change(stored, [body], [])
        upsert = body.get("items", body.get("upsert", []))
        delete = [each for each in stored if each not in {item["id"] for item in upsert}]
        answer = self._change(stored, upsert, delete if method == "PUT" else body["delete"])
        answer[1]["indexed"] = query.get("wait") == ["indexed"]
        return answer

    def _change(self, stored, upsert, delete):
        if self.poison.intersection(item["id"] for item in upsert):
            return _problem(422, "invalid-request")
        counts = dict.fromkeys(("created", "updated", "unchanged", "removed"), 0)
        rejected = []
        for index, item in enumerate(upsert):
            if item["id"] in self.rejects:
                errors = [{"field": "text", "type": "wrong", "message": self.rejects[item["id"]]}]
                rejected.append({"index": index, "id": item["id"], "errors": errors})
                continue
            before = stored.get(item["id"])
            counts["created" if before is None else "unchanged" if before == item else "updated"] += 1
            stored[item["id"]] = item
        for each in delete:
            counts["removed"] += stored.pop(each, None) is not None
        return 200, {"received": len(upsert) + len(delete), **counts, "rejected": rejected, "indexed": False}


def _problem(status, slug):
    return status, {"type": f"urn:odoo-ai:problem:{slug}", "title": slug, "status": status, "detail": slug, "errors": []}


class _Handler(BaseHTTPRequestHandler):
    gateway = None

    def _serve(self):
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        body = _form(self.headers, content) if "multipart" in self.headers.get("Content-Type", "") else None
        if body is None and content:
            body = json.loads(content)
        self.gateway.requests.append((self.command, self.path, body, dict(self.headers)))
        answer = self.gateway.respond(self.command, parts.path, parse_qs(parts.query), body, self.headers)
        if answer == "broken":
            return self.connection.close()
        status, found = answer
        retry_after = found.pop("retry_after", None)
        data = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return self.wfile.write(data)

    do_GET = do_PUT = do_PATCH = do_POST = _serve

    def log_message(self, *args):
        """Silence: the log of the tests is Odoo's."""


def _form(headers, content):
    """The parts of a multipart form by name; the file also as its name."""
    boundary = headers["Content-Type"].partition("boundary=")[2].encode()
    found = {}
    for part in content.split(b"--" + boundary)[1:-1]:
        head, _, body = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        found[name] = body.decode("utf-8", "replace")
        if b"filename=" in head:
            found["filename"] = head.partition(b'filename="')[2].partition(b'"')[0].decode()
    return found
