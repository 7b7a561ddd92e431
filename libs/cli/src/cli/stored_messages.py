"""Everything a stream holds under a filter, read once from its beginning."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from nats.aio.client import Client

from common.errors import NotReady
from common.nats.follow import Follow

OnStored = Callable[[str, bytes, int], None]
"""Called with subject, body and sequence."""
_READ_SECONDS: Final = 120.0


async def read_all(nc: Client, stream: str, filter_subject: str, on_stored: OnStored) -> None:
    """Read all that is there now, in order.

    Raises:
        NotReady: the broker could not be read to the end in time.
    """

    async def apply(subject: str, data: bytes, headers: dict[str, str], sequence: int) -> None:
        del headers
        on_stored(subject, data, sequence)

    follow = Follow(nc, stream, filter_subject, apply)
    await follow.start()
    try:
        async with asyncio.timeout(_READ_SECONDS):
            await follow.caught_up.wait()
    except TimeoutError as error:
        raise NotReady(f"{stream} could not be read to its end in {_READ_SECONDS:.0f} s") from error
    finally:
        await follow.stop()
