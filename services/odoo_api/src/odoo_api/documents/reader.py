"""Reads PDF and Word files in a process of their own, a few at a time, with a limit on time."""

from __future__ import annotations

import asyncio
import sys
from typing import Final, Literal, cast

import orjson
import structlog

from odoo_api.documents.limits import BINARY, UnreadableDocument
from odoo_api.documents.plain import decode_text
from odoo_api.documents.tables import csv_as_lines

BinaryKind = Literal["pdf", "docx"]

_AT_ONCE: Final = 2
_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)


class DocumentReader:
    """Makes text of files that are no text."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def file_text(self, suffix: str, data: bytes) -> str:
        """The text of a file whose name has one of the `SUPPORTED` endings.

        Raises:
            UnreadableDocument: says why there is none.
        """
        if suffix in BINARY:
            return await self.text(cast(BinaryKind, suffix[1:]), data)
        text = decode_text(data)
        return csv_as_lines(text) if suffix == ".csv" else text

    async def text(self, kind: BinaryKind, data: bytes) -> str:
        """The text of a file.

        Raises:
            UnreadableDocument: says why there is none.
        """
        async with self._slots:
            # Isolated (-I) and without an environment: the parser of a stranger's file has no secret to find.
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", "odoo_api.documents.worker", kind),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
            try:
                async with asyncio.timeout(self._seconds):
                    output, _ = await process.communicate(data)
            except TimeoutError:
                raise UnreadableDocument(f"the file could not be read within {self._seconds:g} s") from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode != 0:
            log.warning("document_reader_ended", kind=kind, returncode=process.returncode)
            raise UnreadableDocument("the file needs too much time or memory to be read")
        answer = orjson.loads(output)
        if "error" in answer:
            raise UnreadableDocument(answer["error"])
        return str(answer["text"])
