"""Whether a Chatwoot somewhere else can reach an address of ours, as far as its text and the DNS tell."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Final, Literal
from urllib.parse import urlsplit

NotPublic = Literal["single_label", "local_name", "private", "loopback"]

_LOCAL_SUFFIXES: Final = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".docker")
_RESOLVE_SECONDS: Final = 3.0


def not_public(url: str, addresses: Iterable[str] = ()) -> NotPublic | None:
    """Why an address is not a public one; None: it looks public.

    Args:
        url: The address.
        addresses: What its host name stands for, where that is known.
    """
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    reason = _of_address(host)
    if reason or _is_address(host):
        return reason
    if host == "localhost":
        return "loopback"
    if "." not in host:
        return "single_label"
    if host.endswith(_LOCAL_SUFFIXES):
        return "local_name"
    reasons = [_of_address(each) for each in addresses]
    # Chatwoot takes a name of which one address is public.
    return reasons[0] if reasons and all(reasons) else None


async def addresses_of(url: str) -> list[str]:
    """What the host name of an address stands for, as this machine sees it; empty when it cannot be told."""
    host = urlsplit(url).hostname
    if not host:
        return []
    try:
        async with asyncio.timeout(_RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _of_address(host: str) -> NotPublic | None:
    if not _is_address(host):
        return None
    address = ipaddress.ip_address(host)
    if address.is_loopback or address.is_unspecified:
        return "loopback"
    return None if address.is_global else "private"
