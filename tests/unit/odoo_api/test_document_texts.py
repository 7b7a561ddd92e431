"""Text of real PDF and Word files, also damaged and hostile ones; the last ones in the process of their own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from odoo_api.documents.extract import docx_text, pdf_text
from odoo_api.documents.limits import MOST_PAGES, UnreadableDocument
from odoo_api.documents.reader import DocumentReader


def pdf(*pages: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(width=595, height=842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        content.set_data(b"BT /F1 12 Tf 50 700 Td (" + text.encode("cp1252") + b") Tj ET")
        page[NameObject("/Contents")] = content
    if password:
        writer.encrypt(password)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def word(fill: Callable[[docx.document.Document], object]) -> bytes:
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def a_table(document: docx.document.Document) -> None:
    document.add_heading("Política de trocas")
    document.add_paragraph("Trocas em até 30 dias.")
    table = document.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("Serviço", "Preço"), ("Montagem", "R$ 50,00")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("Fale conosco.")


def refusal(read: Callable[[bytes], str], data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    return str(caught.value)


def test_the_text_of_a_pdf_comes_page_by_page() -> None:
    assert pdf_text(pdf("Garantia de 90 dias", "Atenção: não molhe")) == "Garantia de 90 dias\nAtenção: não molhe"


def test_paragraphs_and_tables_of_a_word_file_come_in_their_order() -> None:
    assert docx_text(word(a_table)).splitlines() == [
        "Política de trocas",
        "Trocas em até 30 dias.",
        "Serviço: Montagem; Preço: R$ 50,00",
        "Fale conosco.",
    ]


def test_files_without_readable_text_say_why() -> None:
    assert "password" in refusal(pdf_text, pdf("secreto", password="x"))
    assert "scan" in refusal(pdf_text, pdf(""))
    assert "damaged" in refusal(pdf_text, b"%PDF-1.7 and nothing else")
    assert "damaged" in refusal(pdf_text, pdf("inteiro")[:300])
    assert f"at most {MOST_PAGES}" in refusal(pdf_text, pdf(*[""] * (MOST_PAGES + 1)))
    assert "damaged" in refusal(docx_text, b"PK\x03\x04 no archive")
    assert "scan" in refusal(docx_text, word(lambda _: None))


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    buffer = io.BytesIO(word(a_table))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/bomb.xml", bytes(101 * 2**20))

    assert "unpacks to more than 100 MiB" in refusal(docx_text, buffer.getvalue())


def test_an_archive_that_is_no_word_file_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><x>&a;</x>")

    assert "no Word document" in refusal(docx_text, buffer.getvalue())


async def test_files_are_read_in_a_process_of_their_own() -> None:
    reader = DocumentReader()

    assert await reader.text("pdf", pdf("Garantia")) == "Garantia"
    with pytest.raises(UnreadableDocument, match="damaged"):
        await reader.text("docx", b"nothing")


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(UnreadableDocument, match=r"within 0\.01 s"):
        await DocumentReader(seconds=0.01).text("pdf", pdf("Garantia"))
