"""Which ports the processes of this machine get."""

from __future__ import annotations

import secrets
import socket

from common.errors import ConfigurationError

# Below the ports that systems hand out to outgoing connections: one of those could take a port between the moment it is
# chosen here and the moment the process it is meant for listens on it.
_FIRST, _COUNT = 20_000, 12_000


class Ports:
    """Hands out ports, none of them twice."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host
        self._given: set[int] = set()

    def take(self, preferred: int, *, required: str | None = None) -> int:
        """The preferred port when it is free, else any free one.

        Args:
            preferred: 0 for any.
            required: the variable that asked for exactly this port, when somebody did.

        Raises:
            ConfigurationError: a required port is taken.
        """
        port = preferred if preferred not in self._given and self.is_free(preferred) else 0
        if required and preferred and not port:
            raise ConfigurationError(f"port {preferred} is taken by another program", key=required)
        while not port or port in self._given:
            port = self._any()
        self._given.add(port)
        return port

    def is_free(self, port: int) -> bool:
        """Whether this port can be listened on now."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._host, port))
            except (OSError, OverflowError):
                return False
        return True

    def _any(self) -> int:
        while not self.is_free(port := _FIRST + secrets.randbelow(_COUNT)):
            pass
        return port
