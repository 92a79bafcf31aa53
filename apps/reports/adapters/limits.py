"""Run one piece of work in a forked child with hard limits.

A report may contain what strangers wrote, and a layout engine can be sent into minutes of work or
gigabytes of memory by a few characters. The child inherits the loaded libraries, so it costs
milliseconds; it gives back memory that the libraries leak; and it dies with its parent.

The answer comes over a pipe: four bytes of length, a JSON header, then the bytes themselves.
Never pickle, which would let a child that was taken over run code in the parent.
"""

import ctypes
import json
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

MIB: Final = 1 << 20
PREFIX_BYTES: Final = 4
PIECE: Final = MIB
LONGEST_HEADER: Final = 64 << 10
PR_SET_PDEATHSIG: Final = 1
LIBC: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Memory beyond what the parent holds already, processor and wall time, bytes of output."""

    memory: int = 1024 * MIB
    cpu_seconds: int = 60
    wall_seconds: float = 90
    output: int = 64 * MIB


RENDER: Final = Limits()


@dataclass(frozen=True)
class Result:
    """What the work made: bytes, and a few facts about them that JSON can hold."""

    body: bytes
    facts: Mapping[str, str | int] = field(default_factory=dict)


class LimitExceeded(Exception):
    """The work needed more than it may have; the sentence says of what."""


class ChildFailed(Exception):
    """The work raised an exception; `kind` is its class and `trace` where it came from."""

    def __init__(self, kind: str, message: str, trace: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.trace = trace


def _nothing() -> None:
    """Leave the child as it is."""


def run(
    work: Callable[[], Result], *, limits: Limits = RENDER, in_child: Callable[[], None] = _nothing
) -> Result:
    """Run `work` in a child and return its result.

    `in_child` runs first, in the child: it lets go of inherited sockets, such as a database's,
    which must not be used or closed politely by two processes.
    """
    parent = os.getpid()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _serve(work, writer, limits, in_child, parent)
    os.close(writer)
    answer, status = b"", 0
    try:
        answer = _read(reader, limits)
    finally:
        os.close(reader)
        status = _end(child)
    return _understood(answer, status, limits)


def _serve(
    work: Callable[[], Result],
    writer: int,
    limits: Limits,
    in_child: Callable[[], None],
    parent: int,
) -> NoReturn:  # pragma: no cover -- runs in the child, which the coverage tool does not see
    """Work, answer, and leave without the parent's exit handlers."""
    try:
        _confine(limits, parent)
        in_child()
        try:
            result = work()
            header, body = {"facts": dict(result.facts), "length": len(result.body)}, result.body
        except BaseException as error:  # noqa: BLE001 -- a library stops a render by BaseException
            header, body = _fault(error), b""
        text = json.dumps(header).encode()
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(len(text).to_bytes(PREFIX_BYTES, "big") + text)
            pipe.write(body)
    finally:
        os._exit(0)


def _fault(error: BaseException) -> dict[str, object]:  # pragma: no cover -- runs in the child
    trace = "".join(traceback.format_tb(error.__traceback__)[-8:])
    return {"kind": type(error).__name__, "message": str(error)[:500], "trace": trace[-8000:]}


def _confine(limits: Limits, parent: int) -> None:  # pragma: no cover -- runs in the child
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent died before we asked to die with it
        os._exit(1)
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_DFL)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    space = pages * resource.getpagesize() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))


def _read(reader: int, limits: Limits) -> bytes:
    """Read to the end of the pipe, but no longer and no more than allowed."""
    end = time.monotonic() + limits.wall_seconds
    pieces: list[bytes] = []
    size = 0
    while True:
        left = end - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            raise LimitExceeded(f"The work took more than {limits.wall_seconds:g} seconds.")
        piece = os.read(reader, PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
        if size > limits.output + LONGEST_HEADER:
            raise LimitExceeded(f"The result is larger than {limits.output // MIB} MiB.")


def _end(child: int) -> int:
    """Make sure that the child is gone; return how it ended.

    Once its pipe is closed or we have given up on it, nothing it might still do is wanted.
    """
    done, status = os.waitpid(child, os.WNOHANG)
    if not done:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _understood(answer: bytes, status: int, limits: Limits) -> Result:
    size = int.from_bytes(answer[:PREFIX_BYTES], "big")
    body = answer[PREFIX_BYTES + size :]
    try:
        header = json.loads(answer[PREFIX_BYTES : PREFIX_BYTES + size])
        if "kind" not in header and header["length"] == len(body):
            return Result(body, header["facts"])
        kind, message, trace = header["kind"], header["message"], header["trace"]
    except (ValueError, KeyError, TypeError):
        raise LimitExceeded(_silence(status, limits)) from None
    if kind == "MemoryError":
        raise LimitExceeded(f"The work needed more than {limits.memory // MIB} MiB of memory.")
    raise ChildFailed(kind, message, trace)


def _silence(status: int, limits: Limits) -> str:
    if status == -signal.SIGXCPU:
        return f"The work took more than {limits.cpu_seconds} seconds of processor time."
    return f"The work ended without an answer (exit {status})."
