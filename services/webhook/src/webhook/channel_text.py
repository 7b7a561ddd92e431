"""CommonMark as each channel can show it, and harmless for what Chatwoot does with it on the way. Pure.

Chatwoot renders outgoing CommonMark for the channel by itself: `**x**` becomes `*x*` on WhatsApp. What it cannot save
are the words of a link (only the address arrives), tables, headings and pictures; and `10*20*30` would be emphasis.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Markup = Literal["html", "phone", "raw"]
"""Who makes what the customer sees. `html`: Chatwoot, everything CommonMark has. `phone`: Chatwoot, into a messenger's
few marks. `raw`: nobody, the text arrives as it is."""

_CODE: Final = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_LIQUID: Final = re.compile(r"\{(?=[{%])")
_WORD_JOINER: Final = "\u2060"

_IMAGE: Final = re.compile(r"!\[([^\]\n]*)\]\(<?([^)\s>]+)>?[^)\n]*\)")
_LINK: Final = re.compile(r"\[([^\]\n]+)\]\(<?([^)\s>]+)>?[^)\n]*\)")
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_RULE: Final = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$\n?", re.MULTILINE)
_STAR_BULLET: Final = re.compile(r"^(\s*)\*[ \t]+(?=\S)", re.MULTILINE)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?:b|i|u|strong|em|p|div|span|ul|ol|li|a|h[1-6]|table|tr|td|th)\b[^>\n]*>", re.IGNORECASE)
_TABLE_LINE: Final = re.compile(r"^[ \t]*\|?.*\|.*$")
_TABLE_RULE: Final = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")
_TIMES: Final = re.compile(r"(?<=\d)([ \t]?)\*([ \t]?)(?=\d)")
_STRONG: Final = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__", re.DOTALL)
_EMPHASIS: Final = re.compile(r"(?<![*\w\\])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![*\w])")


def shown_as(text: str, markup: Markup) -> str:
    """The text to be given to Chatwoot.

    It has no sequence that Liquid would interpret: Chatwoot runs that over every outgoing message, and would fill in
    `{{contact.email}}`. An escaped brace is none to Liquid and one to the reader.
    """
    pieces = _CODE.split(text)
    made = [_code(each) if index % 2 else _prose(each, markup) for index, each in enumerate(pieces)]
    return "".join(made).strip()


def _code(text: str) -> str:
    # Chatwoot keeps Liquid out of code spans by a tag of Liquid's own, which must not be closed from inside.
    return _LIQUID.sub("{" + _WORD_JOINER, text) if "endraw" in text else text


def _prose(text: str, markup: Markup) -> str:
    if markup != "html":
        text = _for_a_phone(text, bold=markup == "phone")
    if markup == "raw":
        return _LIQUID.sub("{" + _WORD_JOINER, _bare(text))
    return _LIQUID.sub("{\\\\", text)


def _for_a_phone(text: str, *, bold: bool) -> str:
    text = _TAG.sub("", _BREAK.sub("\n", text))
    text = _without_tables(text)
    text = _HEADING.sub(lambda found: _heading(found.group(1), bold=bold), text)
    text = _RULE.sub("", text)
    text = _STAR_BULLET.sub(r"\1- ", text)
    text = _LINK.sub(_link, _IMAGE.sub(_link, text))
    return _TIMES.sub(r"\1\\*\2", text) if bold else text


def _heading(words: str, *, bold: bool) -> str:
    plain = words.replace("**", "").replace("__", "").strip()
    return f"**{plain}**" if bold and plain else plain


def _link(found: re.Match[str]) -> str:
    words, address = found.group(1).strip(), found.group(2)
    bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", address).rstrip("/")
    if not words or re.sub(r"^https?://", "", words).rstrip("/") == bare:
        return address if "://" in address else bare
    return f"{words}: {address if '://' in address else bare}"


def _without_tables(text: str) -> str:
    """A table line by line: the first cell, then the others with their column's name."""
    lines, made, index = text.split("\n"), list[str](), 0
    while index < len(lines):
        is_table = index + 1 < len(lines) and "|" in lines[index] and _TABLE_RULE.match(lines[index + 1])
        if not is_table:
            made.append(lines[index])
            index += 1
            continue
        names, index = _cells(lines[index]), index + 2
        while index < len(lines) and lines[index].strip() and _TABLE_LINE.match(lines[index]):
            made.append(_row(names, _cells(lines[index])))
            index += 1
    return "\n".join(made)


def _cells(line: str) -> list[str]:
    return [each.strip() for each in line.strip().strip("|").split("|")]


def _row(names: list[str], cells: list[str]) -> str:
    first, others = cells[0], zip(names[1:], cells[1:], strict=False)
    rest = ", ".join(f"{name}: {cell}" if name else cell for name, cell in others if cell)
    return f"- {first} ({rest})" if first and rest else f"- {first or rest}"


def _bare(text: str) -> str:
    text = _STRONG.sub(lambda found: found.group(1) or found.group(2), text)
    return _EMPHASIS.sub(r"\1", text)
