"""The product index of one tenant: SQLite FTS5 over tokens of our own front end.

SQLite sees only text that is normalised already (`tokenize='ascii'`), so results do not depend on its version.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import orjson

from common.knowledge import Product
from hub.retrieval.codes import barcode_key, barcodes_in, code_key, skus_in
from hub.retrieval.own_words import OwnWords
from hub.retrieval.port import NOTHING_NEAR, Near, Nearest, ProductHit
from hub.retrieval.price_limit import PriceRange
from hub.retrieval.product_order import affordable, by_words_and_meaning
from hub.retrieval.product_query import ProductQuery, Term, product_query
from hub.retrieval.product_text import ProductTokens, product_tokens, says_what_it_is, speller_words
from hub.retrieval.shelf import ShelvedProducts
from hub.retrieval.speller import Speller

_SCHEMA = """
CREATE TABLE products (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, on_sale INTEGER NOT NULL, family TEXT NOT NULL,
    sku TEXT NOT NULL, barcode TEXT NOT NULL, list_price REAL, hash TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX products_sku ON products (sku);
CREATE INDEX products_barcode ON products (barcode);
CREATE INDEX products_family ON products (family);
CREATE VIRTUAL TABLE words USING fts5 (name, attributes, category, description, tokenize = 'ascii');
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(10.0, 8.0, 2.0, 0.3)');
"""
_PRAGMAS = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;"
_TITLE_COLUMNS = "{name attributes category}"
_MOST_RANKED = 4_000
"""How many rows a search may rank (about 1.5 us each): a word that half of the catalogue has must not cost its time."""
_LOOSE_SHARE = 3
"""Loose rows read for each one wanted: they are put in order by what they have of the question."""
_MOST_TERMS_TO_DROP_ONE = 7
_SHORTEST_SKU_PREFIX = 4


class _Candidate(NamedTuple):
    number: int
    rank: float
    strict: bool


class ProductIndex:
    """Products of one tenant: put, remove, search. Used from one thread."""

    def __init__(self, path: Path | None = None) -> None:
        self._database = _open(path)
        self._speller = Speller()
        self._document_counts: Counter[str] = Counter()
        self._on_sale = 0

    def put(self, item: Product, content_hash: str, body: bytes) -> bool:
        """Add or replace a product. False: it was there with the same content already."""
        row = self._database.execute("SELECT hash FROM products WHERE id = ?", (item.id,)).fetchone()
        if row is not None:
            if row[0] == content_hash:
                return False
            self.remove(item.id)
        number = self._database.execute(
            "INSERT INTO products (id, on_sale, family, sku, barcode, list_price, hash, body) VALUES (?,?,?,?,?,?,?,?)",
            (
                item.id,
                item.sale_ok,
                item.variant_of,
                code_key(item.sku),
                barcode_key(item.barcode),
                None if item.list_price is None else float(item.list_price),
                content_hash,
                body,
            ),
        ).lastrowid
        if item.sale_ok:
            self._index(number, item)
        return True

    def remove(self, product_id: str) -> None:
        """Forget a product, known or not."""
        row = self._database.execute(
            "SELECT number, on_sale, body FROM products WHERE id = ?", (product_id,)
        ).fetchone()
        if row is None:
            return
        number, on_sale, body = row
        self._database.execute("DELETE FROM products WHERE number = ?", (number,))
        if on_sale:
            self._unindex(number, Product.model_validate_json(body))

    def shelved(self) -> ShelvedProducts:
        """The whole index as bytes."""
        self._database.commit()
        counts = {"documents": self._document_counts, "words": self._speller.counts, "on_sale": self._on_sale}
        return ShelvedProducts(self._database.serialize(), orjson.dumps(counts))

    @classmethod
    def restored(cls, shelved: ShelvedProducts) -> ProductIndex:
        """The index as it was, without analysing a product again."""
        index = cls.__new__(cls)
        index._database = sqlite3.connect(":memory:", check_same_thread=False)
        index._database.deserialize(shelved.database)
        index._database.executescript(_PRAGMAS)
        counts = orjson.loads(shelved.counts)
        index._document_counts = Counter(counts["documents"])
        index._speller = Speller(counts["words"])
        index._on_sale = counts["on_sale"]
        return index

    def close(self) -> None:
        """Give memory and file back."""
        self._database.close()

    def get(self, product_id: str) -> Product | None:
        """One product by id."""
        return next(self._products("id = ?", product_id), None)

    def family(self, name: str) -> list[Product]:
        """Products on sale whose `variant_of` is the name, and the item of that id itself."""
        return list(self._products("on_sale AND (family = ? OR id = ?) ORDER BY id", name, name))

    def names(self, word: str) -> bool:
        """Whether a product's name, attributes or category have a word (folded)."""
        return self._speller.knows(word)

    def count(self) -> int:
        """How many products there are, on sale or not."""
        (number,) = self._database.execute("SELECT count(*) FROM products").fetchone()
        return int(number)

    def findable(self) -> list[str]:
        """The ids of what is on sale."""
        return [product_id for (product_id,) in self._database.execute("SELECT id FROM products WHERE on_sale")]

    def search(
        self, text: str, limit: int, own: OwnWords | None = None, near: Nearest = NOTHING_NEAR
    ) -> list[ProductHit]:
        """Products on sale that fit the text; a known code ends the search. `own`: the company's own synonyms."""
        coded = self._by_code(text, limit)
        if coded:
            return coded
        query = product_query(text, self._document_counts.__contains__, self._speller, own or OwnWords())
        known = any(term.alternatives for term in query.terms)
        by_words = self._hits(self._candidates(query, limit), query) if known else []
        if not near.products or not query.terms:
            return by_words[:limit]
        return by_words_and_meaning(by_words, self._hits(self._near(near.products, query.price), query), near)[:limit]

    def _index(self, number: int | None, item: Product) -> None:
        tokens = product_tokens(item)
        self._database.execute(
            "INSERT INTO words (rowid, name, attributes, category, description) VALUES (?, ?, ?, ?, ?)",
            (number, *map(" ".join, tokens)),
        )
        self._document_counts.update(_all(tokens))
        self._speller.add(speller_words(item))
        self._on_sale += 1

    def _unindex(self, number: int, item: Product) -> None:
        self._database.execute("DELETE FROM words WHERE rowid = ?", (number,))
        for token in _all(product_tokens(item)):
            self._document_counts[token] -= 1
            if self._document_counts[token] <= 0:
                del self._document_counts[token]
        self._speller.remove(speller_words(item))
        self._on_sale -= 1

    def _products(self, condition: str, *values: object) -> Iterator[Product]:
        rows = self._database.execute(f"SELECT body FROM products WHERE {condition}", values)  # noqa: S608
        return (Product.model_validate_json(body) for (body,) in rows)

    def _by_code(self, text: str, limit: int) -> list[ProductHit]:
        exact: dict[str, Product] = {}
        for code in barcodes_in(text):
            exact.update((item.id, item) for item in self._products("on_sale AND barcode = ?", code))
        skus = skus_in(text)
        for code in skus:
            exact.update((item.id, item) for item in self._products("on_sale AND sku = ?", code))
        if exact:
            return [_coded(item, exact=True) for item in list(exact.values())[:limit]]
        return self._by_code_prefix(skus, limit)

    def _by_code_prefix(self, skus: Sequence[str], limit: int) -> list[ProductHit]:
        for code in skus:
            if len(code) >= _SHORTEST_SKU_PREFIX and any(each.isdigit() for each in code):
                found = list(
                    self._products("on_sale AND sku > ? AND sku < ? ORDER BY sku LIMIT ?", code, code + "{", limit)
                )
                if found:
                    return [_coded(item, exact=False) for item in found]
        return []

    def _near(self, near: Sequence[Near], price: PriceRange) -> list[_Candidate]:
        """Rows of the nearest products, the nearest first, as far as they are on sale at the price asked for."""
        found: list[_Candidate] = []
        for place, each in enumerate(near):
            row = self._database.execute(
                "SELECT number, list_price FROM products WHERE on_sale AND id = ?", (each.item_id,)
            ).fetchone()
            if row is not None and affordable(row[1], price):
                found.append(_Candidate(row[0], float(place), strict=False))
        return found

    def _candidates(self, query: ProductQuery, limit: int) -> list[_Candidate]:
        """Rows from the strict stages (all that was asked for) to the loose ones (some of it)."""
        terms = [term for term in query.terms if term.alternatives]
        everything = _all_of(terms)
        ranked = min(map(self._rows, terms)) <= _MOST_RANKED
        strict = self._match(f"{_TITLE_COLUMNS} : ({everything})", query.price, limit, ranked=ranked)
        strict = strict or self._match(f"({everything})", query.price, limit, ranked=ranked)
        found = {number: _Candidate(number, rank, strict=True) for number, rank in strict}
        loose: list[tuple[int, float]] = []
        if len(found) < limit and 3 <= len(terms) <= _MOST_TERMS_TO_DROP_ONE:
            but_one = " OR ".join(f"({_all_of(some)})" for some in combinations(terms, len(terms) - 1))
            loose = self._match(f"{_TITLE_COLUMNS} : ({but_one})", query.price, limit * _LOOSE_SHARE)
        if not found and not loose and len(terms) > 1:
            loose = self._match(f"{_TITLE_COLUMNS} : ({self._loose(terms)})", query.price, limit * _LOOSE_SHARE)
        for number, rank in loose:
            found.setdefault(number, _Candidate(number, rank, strict=False))
        return list(found.values())

    def _loose(self, terms: Sequence[Term]) -> str:
        """Any of the words, the rarest first, as many as may be ranked in time."""
        by_rarity = sorted(terms, key=lambda term: (self._rows(term), term.word))
        chosen: list[str] = []
        rows = 0
        for term in by_rarity:
            rows += self._rows(term)
            if chosen and rows > _MOST_RANKED:
                break
            chosen.append(_expression(term))
        return " OR ".join(chosen)

    def _rows(self, term: Term) -> int:
        return sum(min(self._document_counts[stem] for stem in stems) for stems in term.alternatives)

    def _match(self, expression: str, price: PriceRange, limit: int, *, ranked: bool = True) -> list[tuple[int, float]]:
        rank, order = ("rank", "rank") if ranked else ("0.0", "words.rowid")
        if not price:
            statement = f"SELECT rowid, {rank} FROM words WHERE words MATCH ? ORDER BY {order} LIMIT ?"  # noqa: S608
            return self._database.execute(statement, (expression, limit)).fetchall()
        lowest = 0.0 if price.lowest is None else float(price.lowest)
        highest = math.inf if price.highest is None else float(price.highest)
        statement = (
            f"SELECT words.rowid, {rank} FROM words JOIN products ON number = words.rowid WHERE words MATCH ?"  # noqa: S608
            f" AND (list_price IS NULL OR list_price BETWEEN ? AND ?) ORDER BY list_price IS NULL, {order} LIMIT ?"
        )
        return self._database.execute(statement, (expression, lowest, highest, limit)).fetchall()

    def _hits(self, candidates: Iterable[_Candidate], query: ProductQuery) -> list[ProductHit]:
        """The hits, best first: those with everything by rank, the others by how much they have."""
        weights = [self._weight(term) for term in query.terms]
        total = sum(weights) or 1.0
        asked = {stem for term in query.terms for stems in term.alternatives for stem in stems}
        hits: list[tuple[tuple[bool, bool, float, float, int], ProductHit]] = []
        for number, rank, strict in candidates:
            (item,) = self._products("number = ?", number)
            columns = product_tokens(item)
            tokens = _all(columns)
            has = [any(tokens.issuperset(stems) for stems in term.alternatives) for term in query.terms]
            share = sum(
                weight * term.certainty for term, weight, had in zip(query.terms, weights, has, strict=True) if had
            )
            coverage = round(share / total, 6)
            matched = tuple(term.word for term, had in zip(query.terms, has, strict=True) if had)
            named = says_what_it_is(item, columns, asked)
            hit = ProductHit(item=item, score=-rank, coverage=coverage, matched=matched, named=named)
            unpriced = bool(query.price) and item.list_price is None
            hits.append(((not strict, unpriced, 0.0 if strict else -coverage, rank, number), hit))
        return [hit for _, hit in sorted(hits, key=lambda each: each[0])]

    def _weight(self, term: Term) -> float:
        """How telling a word is. One that no product has tells most: it may be the very thing asked for."""
        rows = self._rows(term) if term.alternatives else 0
        return math.log(1 + (self._on_sale + 1) / (rows + 0.5))


def _open(path: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(path or ":memory:", check_same_thread=False)
    # The index is rebuilt from the stream at every start: nothing in it needs to survive a crash. One transaction stays
    # open for good, so that FTS5 gathers many changes into one segment; this connection sees them all the same.
    database.executescript(_PRAGMAS)
    database.executescript(_SCHEMA)
    return database


def _all(tokens: ProductTokens) -> set[str]:
    return {token for column in tokens for token in column}


def _all_of(terms: Iterable[Term]) -> str:
    return " AND ".join(map(_expression, terms))


def _expression(term: Term) -> str:
    alternatives = [" AND ".join(f'"{stem}"' for stem in stems) for stems in term.alternatives]
    return "(" + " OR ".join(f"({each})" for each in alternatives) + ")"


def _coded(item: Product, *, exact: bool) -> ProductHit:
    return ProductHit(item=item, score=1.0, coverage=1.0, exact=exact, matched=(item.sku or item.barcode,))
