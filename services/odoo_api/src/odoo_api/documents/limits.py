"""How much of a file is read, and the error of one that cannot be. Imports no parser: the service needs none."""

from __future__ import annotations

from typing import Final

BINARY: Final = (".pdf", ".docx")
SUPPORTED: Final = (".txt", ".md", ".csv", *BINARY)
MOST_PAGES: Final = 500
MOST_CHARACTERS: Final = 1_000_000
MOST_PARTS: Final = 5_000
MOST_UNPACKED_BYTES: Final = 100 * 1024 * 1024


class UnreadableDocument(Exception):
    """Why no text can be had of a file, in words for the person who uploaded it."""
