"""One child process that is kept running: started, watched, started again when it dies, stopped in time."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from common.errors import NotReady

# Seconds before the next start, by how many times in a row the process died before it was ready or within
# `_LONG_ENOUGH`. The first ones are quick because a crash is usually alone; a process that cannot live must not burn
# the machine.
RESTART_DELAYS = (0.05, 0.1, 0.3, 1.0, 2.0, 5.0)
_LONG_ENOUGH = 2.0
# Whoever waits for a process that was never ready is told after so many deaths, instead of waiting for the time-out.
_HOPELESS_LIVES = 4
_READY_POLL_SECONDS = 0.1
_LONGEST_LINE = 1 << 20
# A service leaves with this code when its settings are wrong: starting it again would not mend them.
MISCONFIGURED = 2


@dataclass(frozen=True)
class ProcessSpec:
    """How to run a process, and what to do with what it prints (both outputs, line by line)."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    output: Callable[[bytes], None]
    inherit: tuple[int, ...] = ()
    """File descriptors the child gets under the same numbers."""
    ready: Callable[[], Awaitable[bool]] | None = None
    stop_seconds: float = 10.0


@dataclass(frozen=True)
class Died:
    """A process ended though nobody asked it to."""

    name: str
    pid: int
    exit_code: int
    lived_seconds: float
    restart_in: float
    last_words: str = ""
    """The last line it printed."""

    def __str__(self) -> str:
        how = f"was killed by signal {-self.exit_code}" if self.exit_code < 0 else f"ended with code {self.exit_code}"
        words = f": {self.last_words}" if self.last_words else ""
        return f"{self.name} (pid {self.pid}) {how} after {self.lived_seconds:.1f} s{words}"


class ManagedProcess:
    """Keeps one process running until `stop`."""

    def __init__(self, spec: ProcessSpec, on_died: Callable[[Died], None]) -> None:
        self.spec = spec
        self.restarts = 0
        self._on_died = on_died
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._stop_asked = asyncio.Event()
        self._ready = asyncio.Event()
        self._hopeless = asyncio.Event()
        self._last_line = b""

    @property
    def pid(self) -> int | None:
        """The id of the living process, None between two lives."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        """Start it, and keep it running from now on."""
        self._process = await _spawn(self.spec)
        self._keeper = asyncio.create_task(self._keep(self._process), name=f"keep {self.spec.name}")

    async def wait_ready(self, timeout: float) -> None:
        """Wait until the process says it is ready.

        Raises:
            NotReady: it is not ready in time, or it cannot be started: wrong settings, or death after death.
        """
        waits = [asyncio.create_task(each.wait()) for each in (self._ready, self._hopeless)]
        try:
            await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if self._ready.is_set():
                return
            trouble = "does not start" if self._hopeless.is_set() else f"was not ready within {timeout:g} s"
            raise NotReady(f"{self.spec.name} {trouble}; see {self.spec.name}.log")
        finally:
            for each in waits:
                each.cancel()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when the process does not end in time."""
        self._stop_asked.set()
        self._signal(signal.SIGTERM)
        if self._keeper is not None:
            _, unfinished = await asyncio.wait({self._keeper}, timeout=self.spec.stop_seconds)
            if unfinished:
                self.kill()
                await self._keeper

    def kill(self) -> None:
        """SIGKILL now, and no restart."""
        self._stop_asked.set()
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        short_lives = 0
        while True:
            started = time.monotonic()
            exit_code = await self._until_dead(process)
            lived = time.monotonic() - started
            short_lives = short_lives + 1 if lived < _LONG_ENOUGH or not self._ready.is_set() else 0
            delay = RESTART_DELAYS[min(short_lives, len(RESTART_DELAYS) - 1)]
            if self._stop_asked.is_set():
                return
            words = self._last_line.decode(errors="replace")[:300]
            self._on_died(Died(self.spec.name, process.pid, exit_code, lived, delay, words))
            misconfigured = exit_code == MISCONFIGURED and self.restarts == 0
            if misconfigured or short_lives >= _HOPELESS_LIVES:
                self._hopeless.set()
            if misconfigured:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), delay)
                return
            process = self._process = await self._spawn_again()
            self.restarts += 1
            if self._stop_asked.is_set():
                self.kill()  # asked while it was being started

    async def _spawn_again(self) -> asyncio.subprocess.Process:
        while True:
            try:
                return await _spawn(self.spec)
            except OSError:  # out of processes, memory or descriptors: that passes
                await asyncio.sleep(RESTART_DELAYS[-1])

    async def _until_dead(self, process: asyncio.subprocess.Process) -> int:
        assert process.stdout is not None  # noqa: S101 - it was started with a pipe
        self._ready.clear()
        watcher = asyncio.create_task(self._watch_ready())
        reader = asyncio.create_task(_read_lines(process.stdout, self._printed))
        exit_code = await process.wait()
        # A grandchild may hold the pipe open: what was printed is read, the rest is not waited for.
        await asyncio.wait({reader}, timeout=0.2)
        for each in (reader, watcher):
            each.cancel()
        await asyncio.gather(reader, watcher, return_exceptions=True)
        return exit_code

    def _printed(self, line: bytes) -> None:
        self._last_line = line or self._last_line
        self.spec.output(line)

    async def _watch_ready(self) -> None:
        while self.spec.ready is not None and not await self.spec.ready():  # noqa: ASYNC110 - it cannot set our event
            await asyncio.sleep(_READY_POLL_SECONDS)
        self._ready.set()


async def _read_lines(stream: asyncio.StreamReader, output: Callable[[bytes], None]) -> None:
    while True:
        try:
            line = await stream.readline()
        except ValueError:
            continue  # a line longer than the buffer: dropped by the reader, the next one is whole again
        if not line:
            return
        output(line.rstrip(b"\r\n"))


async def _spawn(spec: ProcessSpec) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *spec.command,
        env=dict(spec.environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=_LONGEST_LINE,
        pass_fds=spec.inherit,
        # Ctrl-C in a terminal goes to a whole process group: only the supervisor may get it, to stop the rest in order.
        start_new_session=True,
        preexec_fn=_die_with_parent(),
    )


_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _die_with_parent() -> Callable[[], None] | None:
    """Linux only: the kernel kills the child when this process is gone, however it went."""
    libc, parent = _LIBC, os.getpid()
    if libc is None:
        return None

    def ask_the_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_the_kernel
