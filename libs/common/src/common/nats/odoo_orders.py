"""Ordering something in Odoo and learning what came of it: the hub's side of `odoo.command.*`."""

from __future__ import annotations

import asyncio
from typing import Final

from nats.aio.client import Client

from common.nats.bucket import Bucket
from common.nats.publisher import Publisher
from common.nats.topology import BUCKET_ODOO_RESULTS, ODOO_COMMANDS
from common.odoo_commands import ODOO_RESULTS, OdooCommand, OdooCommandResult, result_key

_FIRST_PAUSE: Final = 0.03
_LONGEST_PAUSE: Final = 0.25


class OdooOrders:
    """Submits commands and reads their results."""

    def __init__(self, nc: Client) -> None:
        self._publisher = Publisher(nc)
        self._results = Bucket(nc, BUCKET_ODOO_RESULTS)

    async def submit(self, command: OdooCommand) -> None:
        """Make a command durable; submitting it again is harmless.

        Raises:
            PublishFailed: not confirmed in time; it may be stored all the same.
        """
        msg_id = f"odoo-command:{command.result_key}"
        await self._publisher.publish(command.subject, command, stream=ODOO_COMMANDS, msg_id=msg_id)

    async def result(self, tenant: str, key: str, *, wait_seconds: float = 0.0) -> OdooCommandResult | None:
        """The result of a command, waiting for it if there is none yet.

        Returns:
            None: not carried out so far. It will be: the command is durable, perhaps its Odoo is away.

        Raises:
            BrokerUnavailable: the bucket could not be asked.
        """
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + wait_seconds, _FIRST_PAUSE
        while True:
            entry = await self._results.get(result_key(tenant, key))
            if entry is not None:
                return ODOO_RESULTS.decode(entry.value)
            left = deadline - loop.time()
            if left <= 0:
                return None
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
