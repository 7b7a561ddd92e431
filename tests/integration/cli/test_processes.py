from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from cli.process import Died, ManagedProcess, ProcessSpec
from cli.supervisor import Supervisor
from common.errors import NotReady

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def shell(name: str, script: str, lines: list[bytes] | None = None, **more: object) -> ProcessSpec:
    output: Callable[[bytes], None] = (lambda line: None) if lines is None else lines.append
    return ProcessSpec(name, ["/bin/sh", "-c", script], ENVIRONMENT, output, **more)  # type: ignore[arg-type]


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


@pytest.fixture
async def died() -> list[Died]:
    return []


@pytest.fixture
async def supervisor(died: list[Died]) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(died.append)
    yield supervisor
    supervisor.kill()
    await supervisor.stop()


async def test_a_killed_process_is_back_within_three_tenths_of_a_second(
    supervisor: Supervisor, died: list[Died]
) -> None:
    await supervisor.start([[shell("sleeper", "exec sleep 60")]], ready_within=5)
    process = supervisor.processes[0]
    first = process.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    killed = time.monotonic()
    await until(lambda: process.pid not in (None, first))

    assert time.monotonic() - killed < 0.3
    assert process.restarts == 1
    assert [(each.name, each.exit_code) for each in died] == [("sleeper", -signal.SIGKILL)]


async def test_a_process_that_cannot_live_is_started_less_and_less_often(
    supervisor: Supervisor, died: list[Died]
) -> None:
    await supervisor.start([[shell("broken", "exit 1")]], ready_within=5)
    await until(lambda: len(died) == 4)

    assert [each.restart_in for each in died] == [0.1, 0.3, 1.0, 2.0]


async def test_a_process_that_refuses_its_settings_is_not_started_again(
    supervisor: Supervisor, died: list[Died]
) -> None:
    never: Callable[[], object] = lambda: asyncio.sleep(0, False)  # noqa: E731
    with pytest.raises(NotReady, match="wrong does not start"):
        await supervisor.start([[shell("wrong", "exit 2", ready=never)]], ready_within=5)

    assert len(died) == 1
    assert supervisor.processes[0].restarts == 0


async def test_a_process_that_dies_again_and_again_at_its_start_is_not_waited_for(
    supervisor: Supervisor, died: list[Died]
) -> None:
    never: Callable[[], object] = lambda: asyncio.sleep(0, False)  # noqa: E731
    started = time.monotonic()
    with pytest.raises(NotReady, match="broken does not start"):
        await supervisor.start([[shell("broken", "echo 'no such module'; exit 1", ready=never)]], ready_within=60)

    assert time.monotonic() - started < 10
    assert died[0].last_words == "no such module"
    assert "ended with code 1" in str(died[0])


async def test_a_process_that_is_not_ready_in_time_is_named(supervisor: Supervisor) -> None:
    never: Callable[[], object] = lambda: asyncio.sleep(0, False)  # noqa: E731
    with pytest.raises(NotReady, match="slow was not ready"):
        await supervisor.start([[shell("slow", "exec sleep 60", ready=never)]], ready_within=0.3)


async def test_groups_stop_one_after_the_other_the_last_started_first(tmp_path: Path, supervisor: Supervisor) -> None:
    order = tmp_path / "order"
    script = f"trap 'sleep 0.1; echo $0 >> {order}; exit 0' TERM; echo up; while :; do sleep 0.05; done"
    lines: list[bytes] = []
    groups = [[shell(name, script.replace("$0", name), lines)] for name in ("broker", "hub", "gateway")]
    await supervisor.start(groups, ready_within=5)
    await until(lambda: len(lines) == 3)

    await supervisor.stop()

    assert order.read_text().split() == ["gateway", "hub", "broker"]


async def test_a_process_that_ignores_the_request_to_stop_is_killed(died: list[Died]) -> None:
    lines: list[bytes] = []
    spec = shell("deaf", "trap '' TERM; echo up; while :; do sleep 0.05; done", lines, stop_seconds=0.3)
    process = ManagedProcess(spec, died.append)
    await process.start()
    await until(lambda: lines == [b"up"])
    pid = process.pid

    started = time.monotonic()
    await process.stop()

    assert time.monotonic() - started < 2
    assert pid is not None
    assert not psutil.pid_exists(pid)
    assert died == []


async def test_both_outputs_arrive_line_by_line_even_when_the_process_dies_at_once(died: list[Died]) -> None:
    lines: list[bytes] = []
    process = ManagedProcess(shell("talker", "echo out; echo err >&2; printf unfinished; exit 1", lines), died.append)
    await process.start()
    await until(lambda: len(died) == 1)
    await process.stop()

    assert lines[:3] == [b"out", b"err", b"unfinished"]


async def test_a_terminals_interrupt_does_not_reach_the_children(supervisor: Supervisor) -> None:
    await supervisor.start([[shell("sleeper", "exec sleep 60")]], ready_within=5)
    pid = supervisor.processes[0].pid

    assert pid is not None
    assert os.getpgid(pid) != os.getpgid(0)
    assert os.getsid(pid) == pid


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux does this")
async def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import asyncio\n"
        "from cli.process import ManagedProcess, ProcessSpec\n"
        "async def main():\n"
        "    child = ManagedProcess(ProcessSpec('child', ['/bin/sleep', '60'], {}, lambda line: None), print)\n"
        "    await child.start()\n"
        "    print(child.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, str(program), stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert psutil.pid_exists(child)

    parent.kill()
    await parent.wait()

    await until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
