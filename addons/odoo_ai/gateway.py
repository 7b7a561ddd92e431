"""The HTTP API of the assistant's gateway: requests, and what can become of them. Knows nothing of Odoo's models."""

import json
import logging
import time
from urllib.parse import quote, urlsplit

import requests

from . import compat

_logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5
# A write waits at most 10 s for the indexes, an answer at most 30 s for a model.
READ_SECONDS = 45
# Too many requests for a moment: worth waiting for, where somebody waits already.
LONGEST_WAIT_SECONDS = 5
WAITS = 3
PROBLEM_PREFIX = "urn:odoo-ai:problem:"
# Nothing is wrong with these requests: the same one will work later.
PASSING_STATUSES = (408, 409, 425, 429, 500, 502, 503, 504)
# Nothing is wrong with the content: the address or the key is.
ACCESS_STATUSES = (401, 403, 404, 405)


class GatewayError(Exception):
    """A request that did not do what it should. `detail` is for people and holds no secret."""

    def __init__(self, detail, status=0, problem="", retry_after=0):
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.problem = problem
        self.retry_after = retry_after


class Unavailable(GatewayError):
    """Not now: no connection, a time-out, or an answer that says so. The same request will work later."""


class AccessRefused(GatewayError):
    """The address or the key is wrong: nothing can be sent until somebody changes the settings."""


class RequestRefused(GatewayError):
    """This content is not taken, now or later. `errors` names the fields."""

    def __init__(self, detail, errors=(), **kwargs):
        super().__init__(detail, **kwargs)
        self.errors = errors


class BearerKey(requests.auth.AuthBase):
    """The key as a header. As an auth object, so that no entry of a .netrc file takes its place."""

    def __init__(self, key):
        self._key = key

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def clean_url(url):
    """The address of the gateway as it is used, from what people paste.

    Raises:
        ValueError: it is no http(s) address, or has parts that an address of a gateway has not.
    """
    url = (url or "").strip().rstrip("/")
    for suffix in ("/api/v1", "/api", "/webhook"):
        if url.endswith(suffix):
            url = url[: -len(suffix)].rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("scheme")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("parts")
    return url


def origin(url):
    """Scheme, host and port: who gets the key."""
    parts = urlsplit(url or "")
    return parts.scheme, (parts.hostname or "").lower(), parts.port or {"http": 80, "https": 443}.get(parts.scheme)


class Gateway:
    """The API with one company's key."""

    def __init__(self, url, key):
        self._url = url
        self._key = key

    def health(self):
        """What the API says of itself; needs no key."""
        return self._call("GET", "/api/v1/health", with_key=False)

    def replace(self, kind, items, key):
        """Make a kind consist of exactly these items."""
        return self._write("PUT", kind, {"items": items}, key, wait=True)

    def change(self, kind, upsert, delete, key="", wait=False):
        """Add, replace and delete items."""
        return self._write("PATCH", kind, {"upsert": upsert, "delete": delete}, key, wait=wait)

    def upload(self, item_id, title, filename, content, key):
        """Store a file as a document; the gateway reads its text."""
        fields = {"id": item_id, "title": title, "source": filename}
        files = {"file": (filename, content, "application/octet-stream")}
        answer = self._call(
            "POST", "/api/v1/knowledge/document/upload", data=fields, files=files, headers=_idempotent(key)
        )
        return _having(answer, *_COUNTS)

    def item(self, kind, item_id):
        """One stored item."""
        return self._call("GET", f"/api/v1/knowledge/{kind}/{quote(item_id, safe='')}")

    def ids(self, kind):
        """The ids of all stored items."""
        after, found = "", set()
        while after is not None:
            page = self._call("GET", f"/api/v1/knowledge/{kind}", params={"limit": 500, "after": after})
            _having(page, "items", "next")
            found.update(item["id"] for item in page["items"])
            after = page["next"]
        return found

    def ask(self, body):
        """What the assistant would say. Nothing is sent to anybody."""
        return self._call("POST", "/api/v1/assistant/answer", data=_encoded(body), headers=_JSON)

    def _write(self, method, kind, body, key, wait):
        params = {"wait": "indexed"} if wait else {}
        headers = {**_JSON, **_idempotent(key)}
        path = f"/api/v1/knowledge/{kind}"
        answer = self._call(method, path, params=params, data=_encoded(body), headers=headers)
        return _having(answer, *_COUNTS)

    def _call(self, method, path, **kwargs):
        for _ in range(WAITS):
            try:
                return self._call_once(method, path, **kwargs)
            except Unavailable as error:
                if error.status != 429 or error.retry_after > LONGEST_WAIT_SECONDS:
                    raise
                time.sleep(max(error.retry_after, 1))
        return self._call_once(method, path, **kwargs)

    def _call_once(self, method, path, headers=None, with_key=True, **kwargs):
        started = time.monotonic()
        try:
            response = requests.request(
                method,
                self._url + path,
                headers={"User-Agent": f"odoo_ai (Odoo {compat.series()})", **(headers or {})},
                auth=BearerKey(self._key) if with_key else None,
                timeout=compat.http_timeout(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                **kwargs,
            )
        except requests.RequestException as error:
            raise Unavailable(_reason(error)) from error
        _logger.debug("%s %s: %s in %.3f s", method, path, response.status_code, time.monotonic() - started)
        return _read(response)


_JSON = {"Content-Type": "application/json"}
_COUNTS = ("created", "updated", "unchanged", "removed", "rejected", "indexed")


def _having(answer, *names):
    """The answer, if it is one of the gateway's."""
    if any(name not in answer for name in names):
        raise AccessRefused("something else than the gateway answers at this address: its JSON is another")
    return answer


def _idempotent(key):
    return {"Idempotency-Key": key} if key else {}


def _encoded(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _reason(error):
    """What happened, in one short line: the text of the library names objects and memory addresses."""
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate of the gateway is not valid"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS} s"
    if isinstance(error, requests.exceptions.Timeout):
        return f"no answer within {READ_SECONDS} s"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "no connection (refused, broken off, or the name is unknown)"
    return type(error).__name__


def _read(response):
    body = _json_object(response)
    if 200 <= response.status_code < 300 and body is not None:
        return body
    if body is None and response.status_code not in PASSING_STATUSES:
        raise AccessRefused(
            f"something else than the gateway answers at this address (HTTP {response.status_code}, no JSON)",
            status=response.status_code,
        )
    raise _error(response, body or {})


def _error(response, body):
    status = response.status_code
    detail = f"HTTP {status}: {body.get('detail') or body.get('title') or response.reason}"
    about = {"status": status, "problem": str(body.get("type", "")).removeprefix(PROBLEM_PREFIX)}
    if status in PASSING_STATUSES:
        return Unavailable(detail, retry_after=_seconds(response.headers.get("Retry-After")), **about)
    if status in ACCESS_STATUSES:
        return AccessRefused(detail, **about)
    return RequestRefused(detail, errors=tuple(body.get("errors") or ()), **about)


def _json_object(response):
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _seconds(value):
    return int(value) if value and value.isdigit() else 0


def error_lines(errors):
    """The errors of an item or a request as text, one line per field."""
    return "\n".join(f"{each.get('field') or '-'}: {each.get('message', '')}" for each in errors)
