"""`python -m odoo_api.documents.worker pdf|docx`: a file on standard input, its text as JSON on standard output.

Its own process, so that a file made to eat memory or time ends this process and nothing else.
"""

from __future__ import annotations

import contextlib
import logging
import resource
import sys
from typing import Final

import orjson

from odoo_api.documents.extract import docx_text, pdf_text
from odoo_api.documents.limits import UnreadableDocument

_MEMORY_BYTES: Final = 1024**3
_CPU_SECONDS: Final = 20
_READERS: Final = {"pdf": pdf_text, "docx": docx_text}


def main() -> int:
    """Read, extract, answer."""
    for limit, value in ((resource.RLIMIT_AS, _MEMORY_BYTES), (resource.RLIMIT_CPU, _CPU_SECONDS)):
        with contextlib.suppress(ValueError, OSError):  # not on every system
            resource.setrlimit(limit, (value, value))
    logging.disable()
    try:
        answer = {"text": _READERS[sys.argv[1]](sys.stdin.buffer.read())}
    except UnreadableDocument as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": "the file needs too much memory to be read"}
    sys.stdout.buffer.write(orjson.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
