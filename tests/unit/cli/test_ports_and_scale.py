from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from cli.commands.up import parse_scale
from cli.ports import Ports
from common.errors import ConfigurationError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_preferred_port_is_taken_when_it_is_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert Ports().take(port) == port


def test_another_port_is_found_when_the_preferred_one_is_taken(taken: int) -> None:
    assert Ports().take(taken) != taken


def test_a_port_that_somebody_asked_for_must_be_free(taken: int) -> None:
    with pytest.raises(ConfigurationError, match="HUB_PORT") as error:
        Ports().take(taken, required="HUB_PORT")

    assert str(taken) in str(error.value)


def test_no_port_is_given_twice() -> None:
    ports = Ports()
    first = ports.take(0)

    assert len({first, ports.take(first), *(ports.take(0) for _ in range(20))}) == 22


def test_scale_is_read() -> None:
    assert parse_scale(("hub=3", "webhook=2")) == {"hub": 3, "webhook": 2}


@pytest.mark.parametrize("value", ["hub", "hub=0", "hub=-1", "hub=many", "nats=3", "gateway=2", "hub=33"])
def test_a_wrong_scale_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError, match="--scale"):
        parse_scale((value,))
