"""Local supervision: the processes of one `odoo-ai up`, started in order, kept alive, stopped in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from cli.process import Died, ManagedProcess, ProcessSpec


class Supervisor:
    """Holds running processes in groups.

    Groups stop in the reverse order of their start, one after the other, and the members of a group together. Started
    as broker, hub, odoo_api, webhook, gateway, they stop from the outside in: first nobody gets in, then what is under
    way is finished, and the broker goes last because all others still store their results in it.
    """

    def __init__(self, report: Callable[[Died], None]) -> None:
        self._report = report
        self._groups: list[list[ManagedProcess]] = []

    @property
    def processes(self) -> list[ManagedProcess]:
        """All processes, in the order of their start."""
        return [each for group in self._groups for each in group]

    async def start(self, groups: Sequence[Sequence[ProcessSpec]], *, ready_within: float) -> None:
        """Start groups at once, and wait until every process is ready.

        Raises:
            NotReady: one of them is not; what was started keeps running until `stop`.
        """
        started: list[ManagedProcess] = []
        for group in groups:
            members = [ManagedProcess(spec, self._report) for spec in group]
            self._groups.append(members)
            started += members
            for each in members:
                await each.start()
        await asyncio.gather(*(each.wait_ready(ready_within) for each in started))

    async def stop(self) -> None:
        """Stop everything in order."""
        while self._groups:
            await asyncio.gather(*(each.stop() for each in self._groups[-1]))
            self._groups.pop()

    def kill(self) -> None:
        """End everything at once: what a second Ctrl-C asks for."""
        for each in self.processes:
            each.kill()
