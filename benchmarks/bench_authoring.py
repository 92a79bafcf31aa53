"""Authoring a questionnaire of 1,000 questions: server time and queries of each page.

    python benchmarks/bench_authoring.py [questions]

Runs on a private PostgreSQL and Redis with Django's test client, in one process and without a
network: what is measured is the server's work, with PostgreSQL and the reading child in the first
figure and without them in the second. Each is the median of seven; what happens once, such as the
confirmation of an import, runs once. The collector leaves out what was loaded at the start, as in the
web process (cceval/wsgi.py). Peaks of memory are the process's own, above what it held before the page.
Last, XlsxWriter and openpyxl alone write and read the cells of the same workbook.
"""

import gc
import io
import json
import re
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

import private_stack  # noqa: F401

# isort: split
import openpyxl
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.rfp.models import Question, Section, Upload
from apps.rfp.selectors.changes import last_change
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services.importing import import_form
from apps.rfp.workbooks.form import Form, Item, Part, digest_of
from tests.conftest import acting_for, make_buyer, sign_in
from tests.factories.rfp import ANCHORS, make_rfp
from tests.scenes import clone_database

QUESTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
SECTIONS, REPEAT = 20, 7
PAGE, COMPARE, CONFIRM, EXPORT = 200, 500, 700, 1000  # what each may take, in ms
TEXT = "Describe how you would run this part of the service, who is responsible, and since when. "


def item(section: int, number: int) -> Item:
    """A question by hand, one by rule, one that depends on another, in turn."""
    code = f"{section}.{number:02}"
    given = {"code": code, "topic": f"Topic {code}", "text": f"{code}: {TEXT * 3}".strip()}
    if number % 3 == 0:
        auto = ({"level": 5, "op": "equals", "value": "Yes"}, {"level": 0, "op": "otherwise"})
        return Item(**given, kind="yes_no", weight="2", mode="auto", auto=auto)
    if number % 3 == 1 or number < 4:
        return Item(
            **given, kind="text_long", weight="3", mode="manual", rubric=ANCHORS, word_limit=300
        )
    asked = {"question": f"{section}.03", "op": "equals", "value": "Yes"}
    return Item(**given, kind="text_short", condition=asked, required=False)


def questionnaire(draft: Form) -> Form:
    each = QUESTIONS // SECTIONS
    parts = tuple(
        Part(
            code=str(section),
            title=f"Section {section}",
            weight="5",
            items=tuple(item(section, number) for number in range(1, each + 1)),
        )
        for section in range(1, SECTIONS + 1)
    )
    return Form(head=draft.head, parts=parts)


class Desk:
    """The lead's browser at a draft of many questions."""

    def __init__(self) -> None:
        people = make_buyer()
        self.lead, self.case = people.lead, people.procurement
        with acting_for(self.lead) as lead:
            self.rfp = make_rfp(self.case, lead)
            draft = form_of(self.rfp)
            import_form(
                rfp=self.rfp,
                target=questionnaire(draft),
                seen=digest_of(draft),
                actor=lead,
                fresh=True,
            )
            self.section = Section.objects.get(rfp=self.rfp, code="10")
            self.question = Question.objects.get(rfp=self.rfp, code="10.02")
        self.client = sign_in(self.lead)

    def url(self, name: str, *more: object) -> str:
        return reverse(f"rfp:{name}", args=[self.case.pk, *more])

    def get(self, name: str, *more: object, **query: str):
        return lambda: self.client.get(self.url(name, *more), query)

    def post(self, name: str, *more: object, **data: str):
        return lambda: self.client.post(self.url(name, *more), data)

    def undo(self):
        """Take the last change back."""
        with acting_for(self.lead):
            last = last_change(self.rfp)
        return self.client.post(self.url("undo"), {"change": str(last.pk), "section": "10"})

    def bring(self, name: str, content: bytes):
        file = {"file": SimpleUploadedFile(name, content)}
        return self.client.post(self.url("import"), file)

    def upload(self) -> Upload:
        with acting_for(self.lead):
            return Upload.objects.get()


def measured(
    name: str, act, expected: int = 200, repeat: int = REPEAT, *, goal: int = PAGE
) -> object:
    """Print the median times, the queries and the peak of an act; return its last answer."""
    times, own, answer, queries = [], [], None, 0
    for _ in range(repeat):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            began, worked = time.perf_counter(), time.process_time()
            answer = act()
            times.append((time.perf_counter() - began) * 1e3)
            own.append((time.process_time() - worked) * 1e3)
        queries = len(caught)
        assert answer.status_code == expected, (name, answer.status_code, answer.content[:500])
    tracemalloc.start()
    if repeat > 1:
        answer = act()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    size = len(answer.content) / 1024
    memory = f"{peak:8.1f}" if repeat > 1 else "       -"
    middle, worked = statistics.median(times), statistics.median(own)
    mark = "  slow" if middle > goal else ""
    print(f"{name:34}{middle:9.0f}{worked:9.0f}{queries:9}{size:10.0f}{memory}{goal:7}{mark}")
    return answer


def write(desk: Desk) -> None:
    measured("edit a question", desk.post(
        "question", desk.question.pk, tab="question", topic="New", text=TEXT, kind="text_long",
        required="on", word_limit="200",
    ), 302)  # fmt: skip
    measured("move a question", desk.post("arrange", down=str(desk.question.pk)), 302)
    measured("add a question", desk.post(
        "add-question", desk.section.pk, topic="One more", text=TEXT, kind="text_long",
    ), 302)  # fmt: skip
    measured("weigh the sections", desk.post(
        "weights", **{f"weight-{number}": "5" for number in range(1, SECTIONS + 1)}
    ), 302)  # fmt: skip
    measured("undo an edit", desk.undo, 302)
    measured("lock and share out", desk.get("balance", section="10"))


def exchange(desk: Desk) -> bytes:
    workbook = measured("export a workbook", desk.get("workbook"), goal=EXPORT).content
    file = json.loads(measured("export JSON", desk.get("questionnaire-file"), goal=EXPORT).content)
    measured("bring the workbook", lambda: desk.bring("a.xlsx", workbook), 302, goal=COMPARE)
    measured("compare, no difference", desk.get("import-preview", desk.upload().pk), goal=COMPARE)
    for section in file["sections"]:
        for one in section["questions"]:
            one["topic"] += " (new)"
    changed = json.dumps(file).encode()
    measured("bring JSON", lambda: desk.bring("a.json", changed), 302, goal=COMPARE)
    pk = desk.upload().pk
    answer = measured("compare, all changed", desk.get("import-preview", pk), goal=COMPARE)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', answer.content.decode())[1]
    taking = desk.post("import-preview", pk, way="update", seen=seen)
    measured("import all changed", taking, 302, 1, goal=CONFIRM)
    measured("undo the import", desk.undo, 302, 1, goal=CONFIRM)
    return workbook


def peers(workbook: bytes) -> None:
    """Time what the spreadsheet libraries alone need for the cells of the same workbook."""
    print()
    read = timed("openpyxl alone reads the workbook", lambda: cells_of(workbook))
    timed("XlsxWriter alone writes its cells", lambda: write_cells(read))


def timed(name: str, act: Callable[[], object]) -> object:
    times, answer = [], None
    for _ in range(REPEAT):
        began = time.perf_counter()
        answer = act()
        times.append((time.perf_counter() - began) * 1e3)
    print(f"{name:34}{statistics.median(times):9.0f}")
    return answer


def cells_of(workbook: bytes) -> list[list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def write_cells(sheets: list[list[tuple[object, ...]]]) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    look = book.add_format({"text_wrap": True, "border": 1})
    for rows in sheets:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is None:
                    sheet.write_blank(at, column, None, look)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value, look)
                else:
                    sheet.write_number(at, column, value, look)
    book.close()
    return held.getvalue()


def main() -> None:
    clone_database("bench_authoring")
    began = time.perf_counter()
    desk = Desk()
    print(
        f"{QUESTIONS} questions in {SECTIONS} sections, made in {time.perf_counter() - began:.1f} s\n"
    )
    print(f"{'':34}{'ms':>9}{'own ms':>9}{'queries':>9}{'KiB':>10}{'MiB':>8}{'goal':>7}")
    gc.collect()
    gc.freeze()
    measured("builder", desk.get("builder"))
    measured("builder, one question", desk.get("builder", section="10", question="10.02"))
    measured("builder, its conditions", desk.get(
        "builder", section="10", question="10.02", tab="logic"
    ))  # fmt: skip
    measured("choose", desk.get("choose"))
    measured("preview as vendor", desk.get("preview"))
    measured("publish page", desk.get("publish"))
    write(desk)
    peers(exchange(desk))


if __name__ == "__main__":
    main()
