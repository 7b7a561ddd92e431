from typing import Any

import pytest

from odoo_api.odoo.errors import OdooNotJson
from odoo_api.odoo.version import parse_version


@pytest.mark.parametrize(
    ("answer", "major", "json2"),
    [
        ({"version_info": [19, 0, 0, "final", 0, ""], "version": "19.0"}, 19, True),
        ({"version_info": ["saas~19", 2, 0, "final", 0, ""], "version": "saas~19.2"}, 19, True),
        ({"version_info": [20, 0, 0, "final", 0, "e"], "version": "20.0+e"}, 20, True),
        ({"server_version": "18.0-20250520", "server_version_info": [18, 0, 0, "final", 0, ""]}, 18, False),
        ({"server_version": "saas~17.4"}, 17, False),
    ],
)
def test_versions_of_both_shapes_are_read(answer: dict[str, Any], major: int, json2: bool) -> None:
    version = parse_version(answer)

    assert version.major == major
    assert version.speaks_json2 is json2


@pytest.mark.parametrize("answer", [None, [], {}, {"version": "unknown"}, "19.0"])
def test_anything_else_is_no_odoo(answer: Any) -> None:
    with pytest.raises(OdooNotJson):
        parse_version(answer)
