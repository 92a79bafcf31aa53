"""A questionnaire of hundreds of questions costs no more queries than one of thirty."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.rfp.models import Question, Rfp
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services.importing import import_form
from apps.rfp.services.questions import MOST_QUESTIONS
from apps.rfp.workbooks.form import Item, digest_of
from tests.conftest import acting_for
from tests.factories.rfp import ANCHORS


def enlarged(desk, count: int) -> Rfp:
    """Let the draft's first section hold so many questions."""
    with acting_for(desk.person) as lead:
        rfp = desk.rfp()
        draft = form_of(rfp)
        items = tuple(
            Item(
                code=f"1.{n:02}", topic=f"T{n}", text=f"Question {n}?", kind="text_long",
                weight="1", mode="manual", rubric=ANCHORS,
            )
            for n in range(1, count + 1)
        )  # fmt: skip
        target = replace(draft, parts=(replace(draft.parts[0], items=items), *draft.parts[1:]))
        import_form(rfp=rfp, target=target, seen=digest_of(draft), actor=lead)
        return rfp


def queries(act) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert act().status_code in {200, 302}
    return len(caught)


PAGES = {
    "builder": ("builder", {}),
    "a question": ("builder", {"section": "1", "question": "1.05"}),
    "its logic": ("builder", {"section": "1", "question": "1.05", "tab": "logic"}),
    "choose": ("choose", {}),
    "preview": ("preview", {}),
    "publish": ("publish", {}),
    "workbook": ("workbook", {}),
    "file": ("questionnaire-file", {}),
}


def test_queries_stay_the_same_at_30_and_at_300_questions(drafting):
    counted = []
    for count in (30, 300):
        enlarged(drafting, count)
        found = {
            name: queries(
                lambda page=page, query=query: drafting.client.get(drafting.url(page), query)
            )
            for name, (page, query) in PAGES.items()
        }
        back = drafting.client.get(drafting.url("questionnaire-file")).content
        found["bring"] = queries(lambda back=back: drafting.bring("a.json", back))
        found["compare"] = queries(drafting.preview)
        give_up = drafting.url("give-up-import", drafting.upload().pk)
        found["give up"] = queries(lambda url=give_up: drafting.client.post(url))
        counted.append(found)
    assert counted[0] == counted[1]


def test_a_question_is_edited_and_moved_with_as_many_queries_at_300(drafting):
    counted = []
    for count in (30, 300):
        rfp = enlarged(drafting, count)
        with acting_for(drafting.person):
            asked = Question.objects.get(rfp=rfp, code="1.05")
        edit = {"tab": "question", "topic": f"New {count}", "text": "Why?", "kind": "text_long"}
        counted.append(
            (
                queries(
                    lambda pk=asked.pk, edit=edit: drafting.client.post(
                        drafting.url("question", pk), edit
                    )
                ),
                queries(
                    lambda pk=asked.pk: drafting.client.post(
                        drafting.url("arrange"), {"down": str(pk)}
                    )
                ),
            )
        )
    assert counted[0] == counted[1]


def test_a_long_questionnaire_is_previewed_section_by_section(drafting):
    enlarged(drafting, 300)
    page = drafting.client.get(drafting.url("preview"), {"section": "2"}).content.decode()
    assert "Within how many hours" in page
    assert "Question 7?" not in page
    assert "Question 7?" in drafting.client.get(drafting.url("preview")).content.decode()


@pytest.mark.parametrize("count", [MOST_QUESTIONS])
def test_the_largest_questionnaire_comes_in_and_goes_out(desk, count):
    lines = "\n".join(f"{n};Question {n} of many?" for n in range(1, count + 1))
    desk.bring("many.csv", f"No;Question\n{lines}".encode(), start=True)
    shown = desk.preview()
    assert (shown.context["page"].after, len(shown.context["rows"])) == (count, 50)
    assert "Page 1 of 31" in shown.content.decode()
    desk.take_in()
    assert len(desk.form().codes) == count
    desk.bring("many.csv", b"No;Question\n1;One more?")
    assert "questions at most" in desk.preview().content.decode()
