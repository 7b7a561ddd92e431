"""A description of a product made of nothing but what is known of it: it can be dull, it cannot be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import BaseModel, ConfigDict

from common.knowledge import Product
from common.tenants import Locale


class ProductDescription(BaseModel):
    """A text for a shop page. `use_cases` are only what a writer knows: a template knows none."""

    model_config = ConfigDict(frozen=True)

    description: str
    key_features: tuple[str, ...] = ()
    use_cases: tuple[str, ...] = ()
    written_by: str
    """`template`, or the model that wrote it."""


class ProductWriter(Protocol):
    """Writes descriptions."""

    async def describe(self, tenant: str, product: Product, locale: Locale) -> ProductDescription:
        """Describe a product in a language."""
        ...


@dataclass(frozen=True)
class _Words:
    opening: str
    features: str
    code: str


_WORDS: Final[dict[Locale, _Words]] = {
    "pt-BR": _Words("{name}, da categoria {category}.", "Características", "Código"),
    "es": _Words("{name}, de la categoría {category}.", "Características", "Código"),
    "en": _Words("{name}, in {category}.", "Features", "Code"),
}


class TemplateWriter:
    """Puts the given attributes into sentences; the same product gives the same text."""

    async def describe(self, tenant: str, product: Product, locale: Locale) -> ProductDescription:
        """Describe a product from its fields alone."""
        return describe_product(product, locale)


def describe_product(product: Product, locale: Locale) -> ProductDescription:
    """The sentences: what it is, what the owner says of it, its attributes, its code. Never a price: that is Odoo's."""
    words = _WORDS[locale]
    features = tuple(f"{name}: {value}" for name, value in product.attributes.items() if name and value)
    category = product.category.rpartition("/")[2].strip()
    sentences = [
        words.opening.format(name=product.name, category=category) if category else f"{product.name}.",
        _sentence(product.description),
        f"{words.features}: {'; '.join(features)}." if features else "",
        f"{words.code}: {product.sku}." if product.sku else "",
    ]
    return ProductDescription(
        description=" ".join(each for each in sentences if each), key_features=features, written_by="template"
    )


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?…" else f"{text}."
