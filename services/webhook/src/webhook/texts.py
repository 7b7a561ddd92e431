"""Outgoing text, made harmless for what Chatwoot does with it."""

from __future__ import annotations

import re

# Chatwoot runs Liquid over every outgoing message: `{{contact.email}}` would be filled in. A blank between the two
# characters is enough, and changes nothing that a customer could need.
_LIQUID = re.compile(r"\{(?=[{%])")


def without_liquid(text: str) -> str:
    """The text with no sequence that Liquid would interpret."""
    return _LIQUID.sub("{ ", text)
