"""Support documents as files: what can be read as text becomes a document item."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import unquote

import orjson
from aiohttp import BodyPartReader, web

from odoo_api.documents.limits import MOST_PAGES, SUPPORTED, UnreadableDocument
from odoo_api.documents.reader import DocumentReader
from odoo_api.http_api.answers import answer
from odoo_api.http_api.bodies import query_fields, refuse_compressed, too_large
from odoo_api.http_api.idempotency import Idempotency
from odoo_api.http_api.knowledge_routes import TAG, sync_result
from odoo_api.http_api.models import UploadResult, WriteQuery
from odoo_api.http_api.operation import Caller, Operation
from odoo_api.http_api.problems import Problem, invalid_field
from odoo_api.knowledge.sync import KnowledgeSync

_TEXT_FIELDS: Final[tuple[str, ...]] = ("id", "title", "source")
_LONGEST_FIELD: Final = 2000


@dataclass(frozen=True)
class UploadForm:
    """The parts of the form."""

    filename: str
    data: bytes
    fields: dict[str, str]

    def content(self) -> bytes:
        """What makes two uploads the same; the boundary between parts differs every time."""
        return orjson.dumps([self.filename, self.fields]) + self.data


@dataclass(frozen=True)
class UploadRoutes:
    """The upload operation."""

    sync: KnowledgeSync
    idempotency: Idempotency
    reader: DocumentReader
    limit: int

    def operations(self) -> list[Operation]:
        """The one operation."""
        return [
            Operation(
                method="POST",
                path="/api/v1/knowledge/document/upload",
                name="uploadDocument",
                tag=TAG,
                summary="Store a file as a document",
                description=_DESCRIPTION,
                handler=self.upload,
                scope="knowledge:write",
                query=WriteQuery,
                form=FORM_SCHEMA,
                response=UploadResult,
                idempotent=True,
                problems=(
                    "unreadable-body", "body-too-large", "unsupported-media-type", "invalid-request",
                    "unreadable-document", "idempotency-running", "conflict", "unavailable",
                ),
            )
        ]  # fmt: skip

    async def upload(self, request: web.Request, caller: Caller) -> web.Response:
        """Store the file as a document item."""
        wait = query_fields(request, WriteQuery).wait is not None
        form = await read_form(request, self.limit)
        suffix = suffix_of(form)

        async def act() -> web.Response:
            item = document_of(form, await self._text(suffix, form.data))
            outcome = await self.sync.patch(caller.tenant, "document", [item], [], wait=wait)
            if outcome.rejected:
                raise Problem("invalid-request", errors=outcome.rejected[0].errors)
            sizes = {"id": item["id"], "title": item["title"], "characters": len(item["text"])}
            return answer(UploadResult(**sync_result(outcome).model_dump(), **sizes))

        return await self.idempotency.run(request, caller, form.content(), act)

    async def _text(self, suffix: str, data: bytes) -> str:
        try:
            return await self.reader.file_text(suffix, data)
        except UnreadableDocument as error:
            raise Problem("unreadable-document", str(error)) from error


async def read_form(request: web.Request, limit: int) -> UploadForm:
    """Read the form.

    Raises:
        Problem: not multipart, cut short, too large, a repeated or unknown part, or no file.
    """
    if request.content_type != "multipart/form-data":
        raise Problem("unsupported-media-type", "the body must be multipart/form-data with a part `file`")
    refuse_compressed(request)
    if request.content_length is not None and request.content_length > limit:
        raise too_large(limit)
    parts: dict[str, bytes] = {}
    filename = ""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name not in ("file", *_TEXT_FIELDS) or part.name in parts:
                raise invalid_field(str(getattr(part, "name", "")), "unknown or repeated part", "unexpected_part")
            filename = part.filename or filename
            parts[part.name] = await _read_part(part, limit if part.name == "file" else _LONGEST_FIELD)
        fields: dict[str, str] = {name: parts[name].decode().strip() for name in _TEXT_FIELDS if name in parts}
    except (ValueError, UnicodeDecodeError, AssertionError) as error:
        raise Problem("unreadable-body", "the form cannot be read") from error
    if "file" not in parts or not filename:
        raise invalid_field("file", "a file with a name is required", "missing")
    return UploadForm(filename, parts["file"], fields)


async def _read_part(part: BodyPartReader, limit: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > limit:
            raise too_large(limit)
    return bytes(data)


def suffix_of(form: UploadForm) -> str:
    """The ending of the file name, which says how the file is read.

    Raises:
        Problem: a type that is not read here.
    """
    suffix = _name(form).suffix.lower()
    if suffix not in SUPPORTED:
        raise Problem(
            "unsupported-media-type", f"{suffix or 'this'} is not supported; supported: {', '.join(SUPPORTED)}"
        )
    return suffix


def document_of(form: UploadForm, text: str) -> dict[str, Any]:
    """The document item that a form and the text of its file describe."""
    name = _name(form)
    return {
        "id": form.fields.get("id") or slug(name.stem),
        "title": form.fields.get("title") or name.stem,
        "text": text.strip(),
        "source": form.fields.get("source") or name.name,
    }


def _name(form: UploadForm) -> PurePath:
    # Some clients send names that are not ASCII percent-encoded instead of in `filename*`.
    return PurePath(PurePath(unquote(form.filename).replace("\\", "/")).name)


def slug(text: str) -> str:
    """An id made of a file name: `Política de Trocas` becomes `politica-de-trocas`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:200] or "document"


_DESCRIPTION: Final = (
    f"Supported: {', '.join(SUPPORTED)}. Text is UTF-8, UTF-16 with a byte order mark or Windows-1252; a table becomes "
    f"one `column: value` line per row. A PDF has at most {MOST_PAGES} pages and no password; a scan has no text."
)

FORM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "contentMediaType": "application/octet-stream", "description": "With a file name."},
        "id": {"type": "string", "description": "The document's id; made of the file name when left out."},
        "title": {"type": "string", "description": "The file name without its ending when left out."},
        "source": {"type": "string", "description": "Where the text is from; the file name when left out."},
    },
}
