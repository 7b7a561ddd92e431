"""What was newly written in an e-mail: without the messages it quotes and without what its program appended.

Chatwoot cuts quotes itself, by the English marks of some programs. What it leaves is cut here, in three languages. A
cut that would leave nothing is not made: somebody who writes only below or inside a quote must be read, too.

No pattern here can take more than a few passes over a text: strangers write these texts.
"""

from __future__ import annotations

import re
from typing import Final

# "Em qua., 12 de nov. de 2026 às 10:00, Loja <loja@example.com> escreveu:", often broken over two or three lines.
_QUOTE_INTRODUCTION: Final = re.compile(
    r"^(?:on|em|el|no dia)\b[^\n]*(?:\n[^\n]+){0,2}?\b(?:wrote|escreveu|escribi[oó]):[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ORIGINAL: Final = re.compile(
    r"^[ \t]*-{3,}[ \t]*(?:original message|mensagem original|mensaje original)[ \t]*-{3,}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
# Outlook's block: from, sent, subject, in one of the languages. Without a subject it may be the customer's own list.
_HEADER_BLOCK: Final = re.compile(
    r"^(?:_{10,}[ \t]*\n(?:[ \t]*\n)?)?\*?(?:from|de):[^\n]*\n"
    r"(?:[^\n]*\n){0,2}?\*?(?:sent|date|enviad[oa](?: em| el)?|data|fecha):[^\n]*\n"
    r"(?:[^\n]*\n){0,3}?\*?(?:subject|assunto|asunto):",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE: Final = re.compile(r"^-- ?$", re.MULTILINE)
_SENT_FROM: Final = re.compile(
    r"^(?:sent from my|get outlook for|enviado do meu|enviado pelo meu|enviado do outlook|obter o outlook para|"
    r"baixe o outlook|enviado desde mi|obtener outlook para)\b[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE: Final = re.compile(r"^[ \t]*>.*\n?", re.MULTILINE)
_SCANNED: Final = 50_000
_REPLY_SUBJECT: Final = re.compile(r"^\s*(?:(?:re|res|resp|rv|fw|fwd|enc)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)


def newly_written(text: str) -> str:
    """The text without quoted messages, signature and the like; the whole text when nothing else is in it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")[:_SCANNED]
    ends = [found.start() for mark in (_QUOTE_INTRODUCTION, _ORIGINAL, _HEADER_BLOCK) if (found := mark.search(plain))]
    kept = plain[: min(ends, default=len(plain))]
    for step in (_without_quoted_lines, _without_signature, _without_advertisement):
        kept = step(kept)
    return kept.strip() or text.strip()


def own_subject(subject: str) -> str:
    """The subject without the marks of replies and forwards."""
    return _REPLY_SUBJECT.sub("", subject).strip()


def _without_quoted_lines(text: str) -> str:
    return _QUOTED_LINE.sub("", text)


def _without_signature(text: str) -> str:
    found = _SIGNATURE.search(text)
    return text[: found.start()] if found else text


def _without_advertisement(text: str) -> str:
    return _SENT_FROM.sub("", text)
