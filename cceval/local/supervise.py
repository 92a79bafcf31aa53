"""Keeps a set of programs running: restarts what ends, gives up on what keeps ending."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cceval.local.servers import NotStarted, die_with_parent

GRACE = 15.0  # seconds between SIGTERM and SIGKILL
TOO_OFTEN, WITHIN = 3, 30.0


def _beginning(niceness: int) -> Callable[[], None]:
    """Return what a child does first.

    Where Linux shares the processors by session (its autogroups), a process's own niceness counts
    only inside its session: the session has one too.
    """
    bind = die_with_parent()

    def begin() -> None:
        bind()
        os.nice(niceness)
        if niceness:
            with contextlib.suppress(OSError):  # a kernel without sessions' shares, or one too busy
                Path("/proc/self/autogroup").write_text(str(niceness))

    return begin


@dataclass
class Supervisor:
    """Programs by name, each in a session of its own, each ending when this process dies.

    A program gives way to the others by its niceness, 0 to 19.
    """

    environment: Mapping[str, str]
    logs: Path
    programs: dict[str, Sequence[str]] = field(default_factory=dict)
    niceness: dict[str, int] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    starts: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, command: Sequence[str | Path], *, niceness: int = 0) -> None:
        """Start a program and keep it."""
        self.programs[name] = [str(part) for part in command]
        self.niceness[name] = niceness
        self._start(name)

    def _start(self, name: str) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as output:
            self.running[name] = subprocess.Popen(
                self.programs[name],
                env=dict(self.environment),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_beginning(self.niceness[name]),  # noqa: PLW1509 -- no threads here
            )
        self.starts.setdefault(name, []).append(time.monotonic())

    def look(self) -> None:
        """Restart what has ended; NotStarted when a program keeps ending."""
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            recent = [at for at in self.starts[name] if time.monotonic() - at < WITHIN]
            if len(recent) >= TOO_OFTEN:
                log = self.logs / f"{name}.log"
                raise NotStarted(f"{name} keeps ending. The reason is in {log}.")
            self._start(name)

    def wait_until(self, ready: Callable[[], bool], what: str, patience: float = 60.0) -> None:
        """Look after the programs until `ready`; NotStarted when patience ends."""
        end = time.monotonic() + patience
        while not ready():
            if time.monotonic() > end:
                raise NotStarted(f"{what} is not ready after {patience:.0f} s. See {self.logs}.")
            self.look()
            time.sleep(0.2)

    def stop(self) -> None:
        """End every program, last started first: SIGTERM, then SIGKILL to what is left."""
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + GRACE
        for process in reversed(self.running.values()):
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()
