import ctypes
import faulthandler
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from apps.reports.adapters import limits
from apps.reports.adapters.limits import MIB, ChildFailed, LimitExceeded, Limits, Result

QUICK = Limits(memory=200 * MIB, cpu_seconds=1, wall_seconds=1.5, output=4 * MIB)
ORPHAN = """
import os, sys, time
from apps.reports.adapters.limits import Result, run

def work():
    print(os.getpid(), flush=True)
    time.sleep(60)
    return Result(b"")

run(work)
"""


def test_bytes_and_facts_come_back():
    body = bytes(range(256)) * 10_000
    result = limits.run(lambda: Result(body, {"pages": 3}))
    assert (result.body, result.facts) == (body, {"pages": 3})


def test_the_work_happens_in_another_process():
    result = limits.run(lambda: Result(str(os.getpid()).encode()))
    assert int(result.body) != os.getpid()


def test_sockets_can_be_let_go_of_before_the_work():
    reader, writer = os.pipe()

    def work():
        try:
            os.fstat(writer)
        except OSError:
            return Result(b"closed")
        return Result(b"open")

    try:
        assert limits.run(work).body == b"open"
        assert limits.run(work, in_child=lambda: os.close(writer)).body == b"closed"
        os.fstat(writer)
    finally:
        os.close(reader)
        os.close(writer)


def test_an_exception_comes_back_with_its_kind_sentence_and_place():
    def work():
        raise KeyError("no such chart")

    with pytest.raises(ChildFailed, match="no such chart") as failure:
        limits.run(work)
    assert failure.value.kind == "KeyError"
    assert "in work" in failure.value.trace


def test_even_an_exit_comes_back_as_a_failure():
    with pytest.raises(ChildFailed) as failure:
        limits.run(lambda: sys.exit(3))
    assert failure.value.kind == "SystemExit"


def test_a_loop_is_stopped_by_its_processor_time():
    def work():
        while True:
            pass

    began = time.monotonic()
    with pytest.raises(LimitExceeded, match="more than 1 seconds of processor time"):
        limits.run(work, limits=Limits(cpu_seconds=1, wall_seconds=20))
    assert time.monotonic() - began < 15


def test_sleep_is_stopped_by_the_wall_clock():
    began = time.monotonic()
    with pytest.raises(LimitExceeded, match=r"more than 0\.3 seconds"):
        limits.run(lambda: time.sleep(60), limits=Limits(wall_seconds=0.3))
    assert time.monotonic() - began < 5


def test_memory_ends_at_its_limit():
    with pytest.raises(LimitExceeded, match="more than 200 MiB of memory"):
        limits.run(lambda: Result(bytes(2**31)), limits=QUICK)


def test_a_crash_in_native_code_does_not_reach_the_parent():
    def work():
        faulthandler.disable()  # pytest's, which would print the crash we provoke
        ctypes.string_at(0)

    with pytest.raises(LimitExceeded, match=rf"without an answer \(exit -{signal.SIGSEGV:d}\)"):
        limits.run(work, limits=QUICK)


def test_a_result_that_is_too_large_is_refused():
    with pytest.raises(LimitExceeded, match="larger than 4 MiB"):
        limits.run(lambda: Result(bytes(6 * MIB)), limits=QUICK)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\x00",
        b'\x00\x00\x00\x05{"fac',
        b"\x00\x00\x00\x02[]cos\nsystem\n(S'true'\ntR.",
        b'\x00\x00\x00\x1b{"facts": {}, "length": 5}\n1234',
        b"\xff\xff\xff\xff{}",
    ],
)
def test_a_cut_or_odd_answer_is_no_answer(answer):
    """A child killed while it writes, or taken over by what it drew, gets nothing accepted."""
    with pytest.raises(LimitExceeded, match=r"without an answer \(exit -9\)"):
        limits._understood(answer, -signal.SIGKILL, QUICK)


def test_no_child_is_left_behind():
    before = children()
    limits.run(lambda: Result(b""))
    with pytest.raises(LimitExceeded):
        limits.run(lambda: time.sleep(60), limits=Limits(wall_seconds=0.2))
    assert children() == before


def test_the_child_dies_with_its_parent():
    root = Path(limits.__file__).parents[3]
    worker = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True, cwd=root
    )
    with worker:
        child = int(worker.stdout.readline())
        worker.kill()
    assert ended(child)


def children():
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def ended(process):
    """Wait up to five seconds for a process that is not ours to wait for."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
