"""Which Odoo is this, and which transport does it speak?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from odoo_api.odoo.errors import OdooNotJson
from odoo_api.odoo.http import JsonHttp

JSON2_SINCE: Final = 19


@dataclass(frozen=True)
class OdooVersion:
    """`major` of `saas~19.2` is 19."""

    major: int
    text: str

    @property
    def speaks_json2(self) -> bool:
        """Whether named-argument JSON-2 is there; 18 answers it with a redirect to the login page."""
        return self.major >= JSON2_SINCE


async def probe_version(http: JsonHttp) -> OdooVersion:
    """Ask the server, without credentials.

    Raises:
        OdooNotJson: whatever answers at this address is no Odoo we know.
        OdooUnavailable: nothing answers.
    """
    answer = await http.request("GET", "/web/version")
    if answer.status == 200 and answer.is_json:
        return parse_version(answer.json)
    answer = await http.request(
        "POST", "/web/webclient/version_info", {"jsonrpc": "2.0", "method": "call", "params": {}, "id": 1}
    )
    if answer.status == 200 and answer.is_json and isinstance(answer.json, dict):
        return parse_version(answer.json.get("result"))
    raise OdooNotJson(f"no Odoo answers at this address (HTTP {answer.status})")


def parse_version(answer: Any) -> OdooVersion:
    """Read either shape of version answer.

    Raises:
        OdooNotJson: it is neither.
    """
    fields = answer if isinstance(answer, dict) else {}
    info = fields.get("version_info") or fields.get("server_version_info")
    text = str(fields.get("version") or fields.get("server_version") or "")
    first = str(info[0]) if isinstance(info, list) and info else text
    number = re.search(r"\d+", first)
    if number is None:
        raise OdooNotJson("the answer to the version question names no version")
    return OdooVersion(int(number.group()), text[:40])
