"""Every file of the corpus gets its verdict, in the time and the memory that a reading may take."""

import time
import tracemalloc
from dataclasses import dataclass

import pytest

from apps.core.quarantine.reading import measured_workbook
from apps.core.quarantine.refusals import Unreadable, Usage
from tests.apps.core.quarantine.hostile import CORPUS

MOST_MEMORY = 600  # MiB
MOST_TIME = 25  # seconds


def test_the_corpus_holds_sixty_files_or_more():
    assert len(CORPUS) >= 60


@dataclass
class Taken:
    """A file that was read, in the shape of a refusal."""

    code: str | None = None
    cell: str = ""
    sentence: str = ""


def verdict(content: bytes) -> tuple[Taken | Unreadable, Usage | None]:
    try:
        return Taken(), measured_workbook(content)[1]
    except Unreadable as refused:
        return refused, refused.usage


@pytest.mark.parametrize("name", CORPUS)
def test_a_strange_file_gets_its_verdict(name):
    make, code, cell = CORPUS[name]
    content = make()
    tracemalloc.start()
    began = time.perf_counter()
    found, usage = verdict(content)
    assert time.perf_counter() - began < MOST_TIME
    assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY << 20, "of the process that asks"
    tracemalloc.stop()
    assert (found.code, found.cell) == (code, cell)
    assert found.sentence.endswith(".") is bool(code)
    assert (f"Sheet “Sheet1”, cell {cell}:" in found.sentence) is bool(cell)
    assert code or usage, "a file that was read was read in a child"
    if usage is not None:  # of the child; what is refused on its package starts none
        assert usage.peak_mib < MOST_MEMORY
        assert usage.wall_seconds < MOST_TIME
