"""Text files."""

from __future__ import annotations

from odoo_api.documents.limits import UnreadableDocument


def decode_text(data: bytes) -> str:
    """Text in one of the encodings that Brazilian and Spanish office files come in.

    Raises:
        UnreadableDocument: it is no text.
    """
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableDocument("the file holds no text")
