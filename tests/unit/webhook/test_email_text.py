"""What was newly written in an e-mail."""

from __future__ import annotations

import pytest

from webhook.email_text import newly_written, own_subject

NEW = "Bom dia,\n\nvocês entregam em Betim?"
PORTUGUESE = "Em qua., 12 de nov. de 2026 às 10:00, Casa Tucano\n<contato@example.com> escreveu:\n\n> Olá!\n> Como vai?"
ENGLISH = "On Wed, Nov 12, 2026 at 10:00 AM Casa Tucano <contact@example.com> wrote:\n> Hello!"
SPANISH = "El mié, 12 nov 2026 a las 10:00, Casa Tucano (<contacto@example.com>) escribió:\n> ¡Hola!"
OUTLOOK_PT = (
    "________________________________\nDe: Casa Tucano <contato@example.com>\nEnviado: quarta-feira, 12 de novembro\n"
    "Para: Jane Roe\nAssunto: Pedido\n\nOlá!"
)
OUTLOOK_EN = "From: Casa Tucano\nSent: Wednesday\nTo: Jane Roe\nSubject: Order\n\nHello!"
OUTLOOK_ES = "De: Casa Tucano\nEnviado el: miércoles\nPara: Jane Roe\nAsunto: Pedido\n\n¡Hola!"


@pytest.mark.parametrize(
    "rest",
    [
        PORTUGUESE,
        ENGLISH,
        SPANISH,
        OUTLOOK_PT,
        OUTLOOK_EN,
        OUTLOOK_ES,
        "-----Mensagem original-----\nOlá!",
        "----- Original Message -----\nHello!",
        "> Olá!\n> Como vai?",
        "-- \nJane Roe\nCompras",
        "Enviado do meu iPhone",
        "Sent from my Galaxy",
        "Obter o Outlook para Android<https://example.com>",
        "Enviado desde mi iPad\n\n" + SPANISH,
    ],
)
def test_quotes_signatures_and_advertisements_are_cut(rest: str) -> None:
    assert newly_written(f"{NEW}\n\n{rest}") == NEW
    assert newly_written(f"{NEW}\r\n\r\n{rest}".replace("\n", "\r\n")).replace("\r", "") == NEW


def test_answers_between_quoted_lines_are_kept() -> None:
    assert newly_written("> Qual o tamanho?\nM\n> Qual a cor?\nAzul") == "M\nAzul"


@pytest.mark.parametrize(
    "text",
    [
        "Em Betim vocês entregam? Minha irmã escreveu: sim.",
        "De: São Paulo\nPara: Belo Horizonte\nData: 10/12\nQuanto custa o frete?",
        "> só a citação",
        "On the box it says 220 V",
        "",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert newly_written(text) == text


@pytest.mark.parametrize(
    ("subject", "own"),
    [("RES: Re: Pedido 123", "Pedido 123"), ("Enc: nota", "nota"), ("Receita", "Receita"), ("Re[2]: x", "x"), ("", "")],
)
def test_a_subject_is_read_without_the_marks_of_replies(subject: str, own: str) -> None:
    assert own_subject(subject) == own


@pytest.mark.parametrize(
    "text",
    [
        "em " * 20_000,
        "em\n" * 20_000,
        "_" * 20_000 + "\n" * 30_000,
        "de:\n" * 15_000,
        "de:\ndata:\n" * 6_000,
        "> " * 25_000,
        "-" * 50_000,
        "re: " * 12_000,
    ],
    ids=lambda text: text[:9],
)
def test_no_text_can_keep_it_busy(text: str) -> None:
    newly_written(text)
    own_subject(text)
