from __future__ import annotations

import pytest

from common.system_health import InstanceHealth, summarise


def instance(service: str, status: str = "ok", version: str = "1.0") -> InstanceHealth:
    return InstanceHealth(service=service, version=version, instance=f"{service}-1", status=status)


ALL = (instance("webhook"), instance("odoo_api"), instance("hub"))


def test_the_system_is_well_when_all_are_ready() -> None:
    summary = summarise([*ALL, instance("hub", version="1.1")])

    assert summary.status == "ok"
    assert summary.services["hub"].instances == 2
    assert summary.services["hub"].versions == ("1.0", "1.1")


@pytest.mark.parametrize("status", ["unavailable", "draining"])
def test_a_service_with_one_ready_instance_is_degraded(status: str) -> None:
    summary = summarise([*ALL, instance("hub", status)])

    assert summary.status == "degraded"
    assert (summary.services["hub"].instances, summary.services["hub"].ready) == (2, 1)
    assert summary.services["webhook"].status == "ok"


def test_a_service_that_is_silent_or_unready_makes_the_system_unavailable() -> None:
    assert summarise(ALL[:2]).status == "unavailable"
    assert summarise([*ALL[:2], instance("hub", "unavailable")]).status == "unavailable"
    assert summarise([]).services["hub"].instances == 0
