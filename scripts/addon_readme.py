"""Writes README.rst and static/description/index.html of the Odoo module from its readme fragments.

Needs docutils: `uv run --no-project --with docutils scripts/addon_readme.py`. With `--check` nothing is written and the
exit code says whether both are up to date.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from docutils.core import publish_parts

MODULE = Path(__file__).parents[1] / "addons" / "odoo_ai"
TITLE = "Odoo AI Assistant"
SECTIONS = (
    ("", "DESCRIPTION"),
    ("Configuration", "CONFIGURE"),
    ("Usage", "USAGE"),
    ("Changelog", "HISTORY"),
    ("Contributors", "CONTRIBUTORS"),
)


def as_rst(markdown: str) -> str:
    """The few constructs of the fragments in reStructuredText: headings, code, lists, tables."""
    text = re.sub(r"`([^`]+)`", r"``\1``", markdown)
    text = re.sub(r"^## (.+)$", lambda found: f"{found[1]}\n{'~' * len(found[1])}", text, flags=re.M)
    return re.sub(r"(?:^\|.*\n?)+", lambda found: as_list_table(found[0]), text, flags=re.M)


def as_list_table(table: str) -> str:
    """A Markdown table as a list-table."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.strip().splitlines()]
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in (rows[0], *rows[2:]):
        lines += [f"   {'* -' if number == 0 else '  -'} {cell}" for number, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def readme() -> str:
    """The whole README."""
    parts = ["=" * len(TITLE), TITLE, "=" * len(TITLE), ""]
    for heading, name in SECTIONS:
        if heading:
            parts += [heading, "=" * len(heading), ""]
        parts += [as_rst((MODULE / "readme" / f"{name}.md").read_text()).strip(), ""]
    return "\n".join(parts)


def page(rst: str) -> str:
    """The README as Odoo's app list shows it."""
    parts = publish_parts(rst, writer="html5", settings_overrides={"initial_header_level": 2})
    return f'<section class="oe_container">\n<h1>{TITLE}</h1>\n{parts["body"].strip()}\n</section>\n'


def main() -> int:
    """Write both files, or compare them."""
    rst = readme()
    wanted = {MODULE / "README.rst": rst, MODULE / "static" / "description" / "index.html": page(rst)}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.name} is not up to date: run make addon-readme")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
