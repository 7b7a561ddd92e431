"""One Chatwoot, put together: its state and the parts that act on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from simulator.chatwoot.changes import Changes
from simulator.chatwoot.channel import Channel, Pace
from simulator.chatwoot.desk import Desk
from simulator.chatwoot.dispatch import Delivery, Dispatcher, Timing
from simulator.chatwoot.events import Events, Live
from simulator.chatwoot.ledger import Ledger
from simulator.chatwoot.model import World
from simulator.clock import Clock
from simulator.faults import FaultBoard
from simulator.timers import Timers


@dataclass(frozen=True)
class Options:
    """What differs between installations."""

    version: str = "4.18.0"
    timing: Timing = field(default_factory=Timing)
    pace: Pace = field(default_factory=Pace)

    @property
    def signs_bot_webhooks(self) -> bool:
        """Whether this version gives bots a secret and signs what it sends them."""
        return tuple(int(each) for each in self.version.split(".")[:2]) >= (4, 13)


class Installation:
    """Chatwoot with everything wired."""

    def __init__(self, clock: Clock, faults: FaultBoard, timers: Timers, options: Options) -> None:
        self.options = options
        self.faults = faults
        self.world = World(clock)
        self.live = Live()
        self.dispatcher = Dispatcher(faults, timers, self._delivery_failed, options.timing)
        self.events = Events(self.world, self.dispatcher, self.live)
        self.changes = Changes(self.world, self.events)
        self.channel = Channel(self.world, self.events, timers, faults, options.pace)
        self.desk = Desk(self.world, self.events, self.changes, self.channel)
        self._ledgers: dict[int, Ledger] = {}

    def ledger(self, account_id: int) -> Ledger:
        """What arrived for an account."""
        return self._ledgers.setdefault(account_id, Ledger())

    def _delivery_failed(self, delivery: Delivery, error: str) -> None:
        self.desk.delivery_failed(delivery, error)


INSTALLATION = web.AppKey("installation", Installation)
