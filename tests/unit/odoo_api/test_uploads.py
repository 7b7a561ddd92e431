import pytest

from odoo_api.documents.limits import UnreadableDocument
from odoo_api.documents.plain import decode_text
from odoo_api.documents.tables import csv_as_lines
from odoo_api.http_api.problems import Problem
from odoo_api.http_api.uploads import UploadForm, document_of, slug, suffix_of


def form(filename: str, data: bytes = b"texto", **fields: str) -> UploadForm:
    return UploadForm(filename, data, fields)


def test_a_file_name_gives_id_title_and_source() -> None:
    item = document_of(form("C:\\docs\\Política de Trocas.md", "Até".encode()), " Até 7 dias. ")

    assert item == {
        "id": "politica-de-trocas",
        "title": "Política de Trocas",
        "text": "Até 7 dias.",
        "source": "Política de Trocas.md",
    }


def test_fields_of_the_form_win() -> None:
    item = document_of(form("a.txt", id="7", title="Garantia", source="Odoo"), "texto")

    assert (item["id"], item["title"], item["source"]) == ("7", "Garantia", "Odoo")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_office_files_are_read(encoding: str) -> None:
    assert decode_text("Atenção:\r\nnão é grátis".encode(encoding)) == "Atenção:\nnão é grátis"


@pytest.mark.parametrize("filename", ["contrato.doc", "foto.png", "noextension"])
def test_other_types_are_refused_and_the_supported_ones_named(filename: str) -> None:
    with pytest.raises(Problem) as caught:
        suffix_of(form(filename))

    assert caught.value.kind.status == 415
    assert ".txt, .md, .csv, .pdf, .docx" in caught.value.detail


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match="no text"):
        decode_text(b"PK\x03\x04\x00\x00\x00")


def test_a_table_becomes_one_line_per_row() -> None:
    assert (
        csv_as_lines("Serviço;Preço\nMontagem;50,00\nEntrega;\n") == "Serviço: Montagem; Preço: 50,00\nServiço: Entrega"
    )


def test_a_name_without_letters_still_gives_an_id() -> None:
    assert slug("???") == "document"
