"""Which fields of Odoo this system may ever read.

Odoo's own access rules do not protect cost prices, margins or internal notes from an ordinary user's API key, so the
list is kept here and checked on every call, whoever makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from common.errors import OdooAiError

READABLE_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "product.product": frozenset(
        {"id", "type", "is_storable", "free_qty", "lst_price", "currency_id", "default_code", "display_name", "active"}
    ),
    "product.pricelist": frozenset({"id", "currency_id", "country_group_ids", "sequence", "active"}),
    "res.partner": frozenset({"id", "property_product_pricelist"}),
    "res.currency": frozenset({"id", "name", "decimal_places"}),
}

# Without `fields` these return every field of the model.
_READS_ALL: Final = frozenset({"read", "search_read"})
_READS_NESTED: Final = frozenset({"web_read", "web_search_read"})
# These hand out fields in ways the list below does not see.
_REFUSED: Final = frozenset(
    {"export_data", "read_group", "formatted_read_group", "formatted_read_grouping_sets", "copy_data"}
)


class FieldNotAllowed(OdooAiError):
    """Code of ours asked for a field that is not on the list: a programming error, nothing was sent."""


def check_fields(model: str, method: str, arguments: Mapping[str, Any]) -> None:
    """Refuse a call that could read a field off the list.

    Raises:
        FieldNotAllowed: names the field, or the missing `fields`.
    """
    if method in _REFUSED:
        raise FieldNotAllowed(f"{model}.{method} is not used here")
    if method in _READS_ALL:
        _check(model, method, arguments.get("fields"))
    if method in _READS_NESTED:
        _check(model, method, arguments.get("specification"))


def _check(model: str, method: str, names: Iterable[str] | None) -> None:
    wanted = set(names or ())
    if not wanted:
        raise FieldNotAllowed(f"{model}.{method} without fields would read all of them")
    refused = wanted - READABLE_FIELDS.get(model, frozenset())
    if refused:
        raise FieldNotAllowed(f"{model}.{method}: {', '.join(sorted(refused))} may not be read")
