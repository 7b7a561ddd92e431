"""Text of PDF and Word files. The files may be hostile: every size is checked before it is believed.

Runs in a process of its own, see `worker`: no limit in here stops a parser that loops.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
import pypdf
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf.errors import PyPdfError

from odoo_api.documents.limits import (
    MOST_CHARACTERS,
    MOST_PAGES,
    MOST_PARTS,
    MOST_UNPACKED_BYTES,
    UnreadableDocument,
)
from odoo_api.documents.tables import rows_as_lines


def pdf_text(data: bytes) -> str:
    """The text of a PDF, page by page.

    Raises:
        UnreadableDocument: damaged, protected by a password, too long, or pictures only.
    """
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument("the PDF is protected by a password")
        if len(reader.pages) > MOST_PAGES:
            raise UnreadableDocument(f"the PDF has {len(reader.pages)} pages; at most {MOST_PAGES} are read")
        return _joined(page.extract_text() for page in reader.pages)
    except UnreadableDocument:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        # A damaged file breaks the parser wherever it happens to be.
        raise UnreadableDocument("the file is no PDF or is damaged") from error


def docx_text(data: bytes) -> str:
    """The text of a Word file: paragraphs and tables in their order.

    Raises:
        UnreadableDocument: no Word file, damaged, unpacks to too much, or without text.
    """
    try:
        _check_archive(data)
        return _joined(_blocks(docx.Document(io.BytesIO(data))))
    except UnreadableDocument:
        raise
    except Exception as error:
        # python-docx has no error of its own for what is wrong inside an archive: KeyError, lxml errors, and more.
        raise UnreadableDocument("the file is no Word document (.docx) or is damaged") from error


def _check_archive(data: bytes) -> None:
    """The sizes that the archive declares; what is read later is never more than declared."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED_BYTES:
        raise UnreadableDocument(f"the file unpacks to more than {MOST_UNPACKED_BYTES // 2**20} MiB")


def _blocks(document: WordDocument) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            rows = [[cell.text for cell in row.cells] for row in block.rows]
            yield rows_as_lines(rows) or "\n".join("; ".join(filter(None, row)) for row in rows)


def _joined(pieces: Iterator[str]) -> str:
    found: list[str] = []
    length = 0
    for piece in pieces:
        text = re.sub(r"[ \t]+\n", "\n", piece.replace("\0", "")).strip()
        if text:
            found.append(text)
            length += len(text)
        if length > MOST_CHARACTERS:
            raise UnreadableDocument(f"the file has more than {MOST_CHARACTERS} characters; send it in parts")
    if not found:
        raise UnreadableDocument("there is no text in the file; a scan must be made readable (OCR) first")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(found))
