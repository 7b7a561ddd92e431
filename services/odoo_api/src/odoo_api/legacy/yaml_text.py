"""YAML that somebody else wrote: bounded before it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from odoo_api.http_api.problems import invalid_field

_MOST_CHARACTERS: Final = 512 * 1024
_MOST_NODES: Final = 50_000
_DEEPEST: Final = 20


def parse_yaml(text: Any) -> Mapping[str, Any]:
    """The mapping in a text.

    Aliases are allowed, because the modules' writer makes them of a value that occurs twice; what they unfold to is
    counted, so that a few lines cannot become a gigabyte.

    Raises:
        Problem: no text, too long, no YAML, no mapping, or too much in it.
    """
    if not isinstance(text, str) or len(text) > _MOST_CHARACTERS:
        raise _wrong(f"must be a text of at most {_MOST_CHARACTERS} characters")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if not isinstance(node, yaml.MappingNode):
            raise _wrong("must be a YAML mapping")
        _count(node, {}, _DEEPEST)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _wrong("is no YAML that can be read") from error
    return {str(name): value for name, value in data.items()}


def _count(node: yaml.Node, known: dict[int, int], depth: int) -> int:
    """Nodes under a node, aliases unfolded; each node is looked at once."""
    if id(node) in known:
        return known[id(node)]
    if depth == 0:
        raise _wrong(f"is nested deeper than {_DEEPEST} levels")
    known[id(node)] = _MOST_NODES + 1  # an alias to a node that holds it never ends
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inner = [each for pair in node.value for each in pair]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    total = 1 + sum(_count(each, known, depth - 1) for each in inner)
    if total > _MOST_NODES:
        raise _wrong(f"has more than {_MOST_NODES} values")
    known[id(node)] = total
    return total


def _wrong(message: str) -> Exception:
    return invalid_field("yaml_content", message)
