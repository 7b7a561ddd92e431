"""A public address for a gateway that has none: a tunnel by ngrok, or an address that something else brings here."""

from __future__ import annotations

from typing import Any, Protocol

from pydantic import SecretStr

from cli.settings import CliSettings
from common.errors import ConfigurationError, NotReady


class Tunnel(Protocol):
    """A way in from the Internet."""

    async def start(self) -> str:
        """Open it, and return the public address without a trailing slash.

        Raises:
            NotReady: it cannot be opened.
        """
        ...

    async def close(self) -> None:
        """Close it. Safe to call when it was never opened."""
        ...


class StaticTunnel:
    """An address that is there already: a reverse proxy, a forwarded port, a tunnel of another make."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def start(self) -> str:
        """The address as it was given."""
        return self._url

    async def close(self) -> None:
        """Nothing was opened."""


class NgrokTunnel:
    """A tunnel by the ngrok SDK: a library in this process, no program is fetched."""

    def __init__(self, target: str, token: SecretStr, domain: str | None = None) -> None:
        self._target = target
        self._token = token
        self._domain = domain
        self._session: Any = None

    async def start(self) -> str:
        """Connect to ngrok, and forward what comes in to the gateway.

        Raises:
            NotReady: ngrok cannot be reached, or refuses the token or the domain.
        """
        import ngrok

        try:
            self._session = await ngrok.SessionBuilder().authtoken(self._token.get_secret_value()).connect()
            endpoint = self._session.http_endpoint()
            if self._domain:
                endpoint = endpoint.domain(self._domain)
            listener = await endpoint.listen_and_forward(self._target)
        except ValueError as error:  # what the SDK raises for everything
            raise NotReady(f"ngrok: {': '.join(map(str, error.args))}") from error
        return str(listener.url()).rstrip("/")

    async def close(self) -> None:
        """Disconnect; ngrok forgets the address unless it is a reserved domain."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def choose_tunnel(settings: CliSettings, *, url: str | None = None) -> Tunnel:
    """The tunnel that the command line and the settings ask for.

    Raises:
        ConfigurationError: neither an address nor a token is given.
    """
    static = url or settings.public_url
    if static:
        if not static.startswith(("https://", "http://")):
            raise ConfigurationError(f"{static!r} does not begin with https://", key="--url" if url else "PUBLIC_URL")
        return StaticTunnel(static)
    if settings.ngrok_auth_token is None:
        raise ConfigurationError(
            "is not set. Get one for free at https://dashboard.ngrok.com/get-started/your-authtoken and write "
            "NGROK_AUTH_TOKEN=... into .env; or bring an address of your own: odoo-ai tunnel --url https://...",
            key="NGROK_AUTH_TOKEN",
        )
    target = f"http://{settings.reachable_host}:{settings.server_port}"
    return NgrokTunnel(target, settings.ngrok_auth_token, settings.ngrok_domain)
