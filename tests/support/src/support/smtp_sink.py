"""A mail server on loopback that keeps what it is given."""

from __future__ import annotations

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.policy import default

from support.odoo_contract import Mail


@dataclass
class SmtpSink:
    """Speaks as much SMTP as Odoo needs."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""
        recipients: list[str] = []
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipients.append(line.decode().partition("<")[2].partition(">")[0])
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append(_mail(recipients, await reader.readuntil(b"\r\n.\r\n")))
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                break
        await writer.drain()
        writer.close()


def _mail(recipients: list[str], raw: bytes) -> Mail:
    message = email.message_from_bytes(raw[:-5], policy=default)
    body = message.get_body(("plain",))
    return Mail(tuple(recipients), str(message["Subject"]), str(body.get_content()) if body else "")


@asynccontextmanager
async def smtp_sink() -> AsyncIterator[SmtpSink]:
    """A mail server for a test."""
    sink = SmtpSink()
    server = await asyncio.start_server(sink.serve, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    async with server:
        yield sink
