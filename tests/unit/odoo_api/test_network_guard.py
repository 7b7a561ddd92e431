import httpx
import pytest

from odoo_api.odoo.errors import OdooUnavailable
from odoo_api.odoo.network_guard import AddressPolicy, GuardedTransport


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "10.1.2.3",
        "224.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1%eth0",
        "fd00::1",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not AddressPolicy(()).permits(address)


def test_public_addresses_and_named_networks_are_permitted() -> None:
    policy = AddressPolicy(("10.0.0.0/8", "::1/128"))

    assert policy.permits("93.184.216.34")
    assert policy.permits("2606:2800:220:1::1")
    assert policy.permits("10.1.2.3")
    assert policy.permits("::ffff:10.1.2.3")
    assert policy.permits("::1")
    assert not policy.permits("169.254.169.254")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0"]
)
async def test_no_way_to_write_loopback_gets_past_the_check(host: str) -> None:
    async def reached(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    transport = GuardedTransport(AddressPolicy(()), httpx.MockTransport(reached))

    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises((OdooUnavailable, httpx.ConnectError, httpx.InvalidURL)):
            await client.get(f"http://{host}:8069/")


async def test_the_checked_address_is_the_one_that_is_connected_to() -> None:
    seen: list[httpx.Request] = []

    async def reached(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    transport = GuardedTransport(AddressPolicy(("127.0.0.0/8", "::1/128")), httpx.MockTransport(reached))

    async with httpx.AsyncClient(transport=transport) as client:
        await client.get("https://localhost:8069/web/version")

    assert seen[0].url.host in ("127.0.0.1", "::1")
    assert seen[0].headers["Host"] == "localhost:8069"
    assert seen[0].extensions["sni_hostname"] == "localhost"
