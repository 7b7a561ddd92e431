"""Plain text as the HTML that Odoo's text fields hold."""

from __future__ import annotations

from html import escape


def paragraphs(plain: str) -> str:
    """One paragraph per block of lines; nothing in the text is markup."""
    blocks = [each.strip("\n") for each in plain.split("\n\n") if each.strip()]
    return "".join("<p>" + escape(each, quote=False).replace("\n", "<br/>") + "</p>" for each in blocks)
