"""Products found by words and products found by meaning, in one order."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hub.retrieval import fusion
from hub.retrieval.port import Nearest, ProductHit
from hub.retrieval.price_limit import PriceRange


def affordable(list_price: float | None, price: PriceRange) -> bool:
    """Whether a list price is within the range asked for; one that is not known may be."""
    if list_price is None:
        return True
    lowest = -math.inf if price.lowest is None else float(price.lowest)
    highest = math.inf if price.highest is None else float(price.highest)
    return lowest <= list_price <= highest


def by_words_and_meaning(
    by_words: Sequence[ProductHit], near: Sequence[ProductHit], nearest: Nearest
) -> list[ProductHit]:
    """Both orders as one; what has all that was asked for stays before what has not."""
    similarity = {each.item_id: each.similarity for each in nearest.products}
    place = {each.item_id: number for number, each in enumerate(nearest.products)}
    found = {hit.item.id: hit for hit in (*near, *by_words)}
    words = [hit.item.id for hit in by_words]
    meaning = sorted((hit.item.id for hit in near), key=place.__getitem__)
    weight = fusion.weight_of_meaning(nearest.weight, max((hit.coverage for hit in by_words), default=0.0))
    order = fusion.fused(words, meaning, weight)
    whole = {hit.item.id for hit in by_words if hit.coverage >= 1.0}
    order.sort(key=lambda product_id: product_id not in whole)
    return [found[each].model_copy(update={"similarity": similarity.get(each)}) for each in order]
