"""What was read in a turn: the only things a reply may state, and how they are shown to the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from common.facts import Fact, Source
from common.knowledge import Product
from hub.agent.suspicion import gives_orders, visible
from hub.responder import formats
from hub.responder.live import Live
from hub.responder.parts import Part, Turn
from hub.responder.products import source_of, stock_text
from hub.truth_gate.claims.extract import read_claims

_LONGEST: Final = 900
_MOST_FACTS: Final = 600


@dataclass
class Evidence:
    """Facts and sources, collected while a turn runs. `subjects`: the ids a reply may cite."""

    view: Turn
    facts: list[Fact] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    product_ids: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    """Items that give orders instead of information; the model never saw them."""
    failures: list[str] = field(default_factory=list)
    """Reads that failed, by the code of the error."""

    def know(self, facts: Iterable[Fact], subject: str, source: Source | None = None) -> None:
        """Take in facts about a subject."""
        known = set(self.facts)
        for fact in facts:
            if fact not in known and len(self.facts) < _MOST_FACTS:
                self.facts.append(fact)
                known.add(fact)
        self.subjects.add(subject)
        if source is not None:
            self.sources[subject] = source

    def part(self, part: Part | None) -> str:
        """Take in what the built-in responder would say, and show it. Empty: nothing, or nothing fit to be shown."""
        if part is None or not part.text.strip():
            return ""
        shown = part.sources or ()
        names = [f"{each.kind}:{each.id}" for each in shown] or [f"assistant:{part.kind}"]
        if gives_orders(part.text) or any(gives_orders(each.title) for each in shown):
            self.withheld += names
            return ""
        for name, source in zip(names, shown, strict=False):
            self.know(part.facts, name, source)
        if not shown:
            self.know(part.facts, names[0])
        titles = "; ".join(each.title for each in shown)
        return f"[{'] ['.join(names)}] {titles}: {clean(part.text)}" if titles else f"[{names[0]}] {clean(part.text)}"

    def products(self, products: Sequence[Product], live: Live) -> list[str]:
        """Take in products with what Odoo says of them now, and show one line each."""
        lines = []
        for product in products:
            if gives_orders(f"{product.name}\n{product.description}"):
                self.withheld.append(f"product:{product.id}")
                continue
            self.know(live.facts([product], self.view), f"product:{product.id}", source_of(product))
            self.product_ids.append(product.id)
            lines.append(self._line(product, live))
        return lines

    def _line(self, product: Product, live: Live) -> str:
        price, stock = live.price(product), live.stock(product)
        said = [f"[product:{product.id}] {clean(product.name)}"]
        if product.sku:
            said.append(f"SKU {product.sku}")
        if price is None:
            said.append("price not known: do not state one")
        else:
            said.append(formats.money(price.unit_price, price.currency, self.view.language))
        if live.sold_out(product):
            said.append("OUT OF STOCK")
        elif stock is not None:
            said.append(stock_text(self.view, stock))
        return " | ".join(said)

    def customer_numbers(self, texts: Iterable[str]) -> None:
        """Counts that the customer named, which may be repeated ("3 unidades"). Never prices or percentages."""
        for text in texts:
            for claim in read_claims(text, self.view.language, self.view.today)[1]:
                if claim.kind in ("number", "stock") and claim.unit in ("", "unit") and claim.value.isdigit():
                    self.facts.append(
                        Fact(
                            kind="number",
                            value=claim.value,
                            subject="customer:said",
                            source="customer",
                            read_at=self.view.now,
                        )
                    )


def clean(text: str) -> str:
    """A text as the model sees it: nothing invisible, no line of its own, no tag that could end ours, not too long."""
    shown = " ".join(visible(text).replace("<", "‹").replace(">", "›").split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
