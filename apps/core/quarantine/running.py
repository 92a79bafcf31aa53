"""Start the child, hand it the file, and take what it says within limits of time and size.

The file goes through memory that has a descriptor (`memfd`), never through a disk. The child gets
no environment, no descriptor but three, and no second chance: what goes wrong in it is a refusal.
"""

import importlib.util
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, Final

from apps.core.quarantine import child
from apps.core.quarantine.refusals import SENTENCES, Unreadable, Usage

WALL_SECONDS: Final = 18.0
LARGEST_ANSWER: Final = 64 << 20
PIECE: Final = 1 << 16
PACKAGES: Final = {**dict.fromkeys(("xlsx", "xls", "ods"), "python_calamine"), "yaml": "yaml"}


def run(kind: str, content: bytes) -> tuple[dict[str, Any], Usage]:
    """Return the child's answer and what it took; Unreadable when it refuses or dies."""
    began = time.monotonic()
    process = _start(kind, content)
    late = False
    try:
        body, late = _read(process, began + WALL_SECONDS)
    finally:
        # not Popen.kill, which may reap the child before its use of resources is read
        os.kill(process.pid, signal.SIGKILL)
        _pid, status, spent = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.stdout:
            process.stdout.close()
    answer = _answer(body)
    usage = Usage(
        cpu_seconds=spent.ru_utime + spent.ru_stime,
        wall_seconds=time.monotonic() - began,
        peak_mib=int(answer.pop("peak_kib", child.MEMORY >> 10)) / 1024,
    )
    try:
        return _understood(answer, late=late, ended=process.returncode), usage
    except Unreadable as refused:
        refused.usage = usage
        raise


def _start(kind: str, content: bytes) -> subprocess.Popen[bytes]:
    memory = os.memfd_create("upload")
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(memory, view) :]
        os.lseek(memory, 0, os.SEEK_SET)
        return subprocess.Popen(  # noqa: S603 -- our own program, with arguments of our own
            [sys.executable, "-I", "-S", "-B", "-c", child.START, kind, *_folders(kind)],
            stdin=memory,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
        )
    finally:
        os.close(memory)


@cache
def _folders(kind: str) -> tuple[str, ...]:
    """Return where the project and the package of a kind live: without `site` no such place is known."""
    project = str(Path(child.__file__).resolve().parents[3])
    if kind not in PACKAGES:
        return (project,)
    found = importlib.util.find_spec(PACKAGES[kind])
    if found is None or found.origin is None:
        raise ModuleNotFoundError(PACKAGES[kind])
    return (project, str(Path(found.origin).parent.parent))


def _read(process: subprocess.Popen[bytes], end: float) -> tuple[bytes, bool]:
    """Read to the end of the answer; True when time ran out first."""
    if process.stdout is None:
        raise RuntimeError("the child has no pipe")
    pieces: list[bytes] = []
    length = 0
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while length <= LARGEST_ANSWER:
            if not ready.select(max(0.0, end - time.monotonic())):
                return b"", True
            piece = os.read(process.stdout.fileno(), PIECE)
            if not piece:
                return b"".join(pieces), False
            pieces.append(piece)
            length += len(piece)
    return b"", False


def _answer(body: bytes) -> dict[str, Any]:
    """Read what the child said; nothing, where it said nothing that can be read."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _understood(answer: dict[str, Any], *, late: bool, ended: int) -> dict[str, Any]:
    if late or ended in {-signal.SIGXCPU, -signal.SIGALRM}:
        raise Unreadable("time")
    if not answer:  # the system ended the parser: out of memory aborts a library of native code
        raise Unreadable("memory")
    code = answer.get("refused")
    if code is not None:
        known = code if code in SENTENCES else "broken"
        raise Unreadable(known, str(answer.get("sheet", ""))[:60], str(answer.get("cell", ""))[:10])
    return answer
