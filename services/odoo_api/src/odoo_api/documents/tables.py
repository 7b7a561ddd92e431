"""Tables as sentences: a row that says its column names can be found and quoted alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def csv_as_lines(text: str) -> str:
    """A CSV table as one `column: value` line per row; other text as it is."""
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = list(csv.reader(io.StringIO(text), dialect))
    except csv.Error:
        return text
    return rows_as_lines(rows) or text


def rows_as_lines(rows: Iterable[Sequence[str]]) -> str:
    """A table whose first row names the columns; empty when there is nothing below that row."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        return ""
    header, *body = filled
    return "\n".join(_line(header, row) for row in body)


def _line(header: Sequence[str], row: Sequence[str]) -> str:
    names = [*header, *[""] * (len(row) - len(header))]
    pairs = [(name.strip(), cell.strip()) for name, cell in zip(names, row, strict=False) if cell.strip()]
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs)
