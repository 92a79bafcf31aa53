"""Every file of the corpus gets its verdict, in the time and the memory that a reading may take."""

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
    found, usage = verdict(make())
    assert (found.code, found.cell) == (code, cell)
    assert found.sentence.endswith(".") is bool(code)
    assert (f"Sheet “Sheet1”, cell {cell}:" in found.sentence) is bool(cell)
    if usage is not None:
        assert usage.peak_mib < MOST_MEMORY
        assert usage.wall_seconds < MOST_TIME
