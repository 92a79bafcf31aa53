"""A questionnaire comes from a file: brought, laid out, compared, confirmed; nothing before that."""

import json

import pytest

from apps.core.models import AuditEvent
from apps.core.quarantine.reading import read_workbook
from apps.rfp.models import Question
from apps.rfp.selectors.uploads import layouts_of
from apps.rfp.services import authoring
from apps.rfp.workbooks import reading
from apps.rfp.workbooks.form import of_file
from tests.apps.rfp.bringing.conftest import FOREIGN, HEADER, ROWS, table
from tests.conftest import acting_for
from tests.factories.rfp import question


def page_of(answer) -> str:
    return answer.content.decode()


def acts(desk) -> list[str]:
    with acting_for(desk.person):
        return list(
            AuditEvent.objects.order_by("seq").filter(
                action__in=["rfp.export", "rfp.bring_file", "rfp.import_workbook", "rfp.give_up_file"]
            ).values_list("action", flat=True)
        )  # fmt: skip


def test_the_workbook_that_is_taken_out_is_the_draft(drafting):
    answer = drafting.client.get(drafting.url("workbook"))
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert reading.read(read_workbook(answer.content)).form.parts == drafting.form().parts
    assert acts(drafting) == ["rfp.export"]


def test_the_file_that_is_taken_out_is_the_draft(drafting):
    answer = drafting.client.get(drafting.url("questionnaire-file"))
    assert of_file(json.loads(answer.content)) == drafting.form()
    assert acts(drafting) == ["rfp.export"]


@pytest.mark.parametrize(
    ("page", "name"), [("workbook", "a.xlsx"), ("questionnaire-file", "a.json")]
)
def test_what_was_taken_out_comes_back_without_a_difference(drafting, page, name):
    content = drafting.client.get(drafting.url(page)).content
    answer = drafting.bring(name, content)
    assert answer.url == drafting.url("import-preview", drafting.upload().pk)
    shown = drafting.preview()
    assert "There is nothing to import" in page_of(shown)
    assert {name: len(one) for name, one in shown.context["page"].lists.items()} == {
        "refused": 0, "changes": 0, "left": 0, "altered": 0, "mend": 0,
    }  # fmt: skip


def test_a_foreign_workbook_is_laid_out_compared_and_added(drafting):
    before = drafting.form()
    answer = drafting.bring("theirs.xlsx", FOREIGN)
    upload = drafting.upload()
    assert answer.url == drafting.url("import-layout", upload.pk)
    page = page_of(drafting.client.get(answer.url))
    assert "Do you hold ISO 27001?" in page
    assert "Attach the certificate." in page
    shown = drafting.preview()
    assert [line.code for line in shown.context["rows"]] == ["4", "4.01", "4.02", "4.03"]
    assert drafting.form() == before
    assert drafting.take_in().url == drafting.url("builder")
    after = drafting.form()
    assert after.parts[:3] == before.parts
    assert [(item.code, item.kind, item.weight, item.options) for item in after.parts[3].items] == [
        ("4.01", "text_short", "0", ()),
        ("4.02", "yes_no", "5", ()),
        ("4.03", "multi_choice", "2", ("EU", "UK", "US")),
    ]
    assert after.parts[3].items[1].topic == "A.2 Do you hold ISO 27001?"
    assert after.parts[3].items[1].text == "Do you hold ISO 27001?\n\nAttach the certificate."
    assert drafting.uploads() == 0
    assert acts(drafting) == ["rfp.bring_file", "rfp.import_workbook"]


def test_the_layout_is_the_persons_to_choose(drafting):
    drafting.bring(
        "theirs.xlsx", table(("x", "y"), *((f"Name {n}", f"Tell us about {n}") for n in range(3)))
    )
    upload = drafting.upload()
    url = drafting.url("import-layout", upload.pk)
    given = {"take-0": "on", "header-0": "1", "role-0-question": "0", "role-0-topic": "1"}
    assert drafting.client.post(url, given).url == f"{url}#h-sample"
    assert "Tell us about 2" in page_of(drafting.client.get(url))
    answer = drafting.client.post(
        url, {**given, "role-0-question": "1", "role-0-topic": "", "go_on": "1"}
    )
    assert answer.url == drafting.url("import-preview", upload.pk)
    with acting_for(drafting.person):
        [layout] = layouts_of(drafting.upload())
    assert (layout.header, dict(layout.columns)) == (0, {"question": 1})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose the sheet with the questions."),
        ({"take-0": "on", "role-0-question": ""}, "Choose the column of the questions."),
        ({"take-0": "on", "role-0-question": "99"}, "Choose a column of the list."),
        ({"take-0": "on", "role-0-question": "1", "header-0": "99"}, "The sheet has 4 rows."),
        ({"take-0": "on", "role-0-question": "1", "header-0": "x"}, "Give the number of a row"),
        ({"take-0": "on", "role-0-question": "1", "role-0-code": "1"}, "another meaning already"),
    ],
)
def test_a_layout_that_says_nothing_is_refused_beside_its_field(drafting, given, sentence):
    drafting.bring("theirs.xlsx", FOREIGN)
    answer = drafting.client.post(drafting.url("import-layout", drafting.upload().pk), given)
    assert answer.status_code == 422
    assert sentence in page_of(answer)


def test_replacing_shows_what_goes_and_confirms_the_same(drafting):
    drafting.bring("theirs.xlsx", FOREIGN)
    shown = drafting.preview(way="replace").context["page"]
    assert (shown.before, shown.after) == (6, 3)
    assert (shown.counts["removed"], shown.counts["added"]) == (6, 3)
    drafting.take_in("replace")
    assert [item.text.splitlines()[0] for _part, item in drafting.form().items] == [
        text for _no, text, *_rest in ROWS
    ]


def test_every_change_is_shown_field_by_field_with_its_cell(drafting):
    content = json.loads(drafting.client.get(drafting.url("questionnaire-file")).content)
    content["sections"][0]["questions"][0]["topic"] = "Growing"
    content["sections"][0]["weight"] = "70"
    drafting.bring("back.json", json.dumps(content).encode())
    page = page_of(drafting.preview())
    for words in ("Ramp-up", "Growing", "Topic", "will add up to 110, not to 100"):
        assert words in page
    drafting.take_in()
    assert drafting.form().parts[0].items[0].topic == "Growing"


def test_a_draft_that_changed_meanwhile_is_compared_again(drafting):
    drafting.bring("theirs.xlsx", FOREIGN)
    shown = drafting.preview().context["page"]
    with acting_for(drafting.person) as lead:
        authoring.edit_question(question=question(drafting.rfp(), "1.01"), actor=lead, topic="New")
    before = drafting.form()
    url = drafting.url("import-preview", drafting.upload().pk)
    answer = drafting.client.post(url, {"way": "add", "seen": shown.seen})
    assert answer.status_code == 409
    assert "Compare it again." in page_of(answer)
    assert drafting.form() == before
    assert drafting.take_in().status_code == 302


def test_another_layout_than_was_seen_is_compared_again(drafting):
    drafting.bring("theirs.xlsx", FOREIGN)
    shown, pk = drafting.preview().context["page"], drafting.upload().pk
    given = {"take-0": "on", "header-0": "1", "role-0-question": "1", "go_on": "1"}
    drafting.client.post(drafting.url("import-layout", pk), given)
    answer = drafting.client.post(
        drafting.url("import-preview", pk), {"way": "add", "seen": shown.seen}
    )
    assert answer.status_code == 409


def test_what_cannot_be_imported_is_listed_with_its_place_and_not_saved(drafting):
    content = json.loads(drafting.client.get(drafting.url("questionnaire-file")).content)
    content["sections"][1]["questions"][0]["knockout"] = {"op": "missing"}
    drafting.bring("back.json", json.dumps(content).encode())
    before = drafting.form()
    page = page_of(drafting.preview())
    assert "2.01: Write the reason" in page
    assert "Import this" not in page
    shown = drafting.preview().context["page"]
    url = drafting.url("import-preview", drafting.upload().pk)
    answer = drafting.client.post(url, {"way": "update", "seen": shown.seen})
    assert answer.status_code == 422
    assert drafting.form() == before
    assert drafting.uploads() == 1


def test_everything_that_is_not_taken_over_is_listed(drafting):
    content = table(
        ("Vendor questionnaire",), HEADER, *ROWS, HEADER,
        ("A.4", "Tell us more about it.", "Hologram", "", "much", "", "Left"),
    )  # fmt: skip
    drafting.bring("theirs.xlsx", content)
    left = drafting.preview(show="left").context["rows"]
    altered = drafting.preview(show="altered").context["rows"]
    assert [(line.place, line.after) for line in left] == [
        ("Questions!B1", "This stands above the questions."),
        ("Questions!B6", "The headings are repeated here."),
        ("Questions!E7", "This is no weight; the question counts 0."),
        ("Questions!G", "Column G was not taken over: 1 cells."),
    ]
    assert [line.place for line in altered] == ["Questions!C7"]


def test_giving_up_forgets_the_file(drafting):
    drafting.bring("theirs.xlsx", FOREIGN)
    answer = drafting.client.post(drafting.url("give-up-import", drafting.upload().pk))
    assert (answer.url, drafting.uploads()) == (drafting.url("builder"), 0)
    assert acts(drafting) == ["rfp.bring_file", "rfp.give_up_file"]


def test_another_file_replaces_the_one_that_waits(drafting):
    drafting.bring("first.xlsx", FOREIGN)
    drafting.bring("second.xlsx", FOREIGN)
    page = page_of(drafting.client.get(drafting.url("import")))
    assert ("first.xlsx" in page, "second.xlsx" in page) == (False, True)


def test_a_procurement_starts_from_a_file(desk):
    answer = desk.bring("theirs.xlsx", FOREIGN, start=True)
    assert answer.url == desk.url("import-layout", desk.upload().pk)
    assert desk.preview().context["page"].ways == ("replace",)
    desk.take_in()
    assert [item.code for _part, item in desk.form().items] == ["1.01", "1.02", "1.03"]
    for name in ("builder", "choose", "terms", "preview", "publish"):
        assert desk.client.get(desk.url(name)).status_code == 200


def test_a_start_from_a_file_that_cannot_be_read_starts_nothing(desk):
    answer = desk.bring("theirs.xlsx", b"PK\x03\x04", start=True)
    assert answer.status_code == 422
    assert "The workbook is damaged." in page_of(answer)
    assert desk.client.get(desk.url("builder")).url == desk.url("start")


def test_a_started_questionnaire_is_not_started_again_from_a_file(drafting):
    assert drafting.bring("theirs.xlsx", FOREIGN, start=True).status_code == 409


def test_nobody_but_who_brought_it_sees_a_file(drafting, buyer, other_buyer, client_for):
    drafting.bring("theirs.xlsx", FOREIGN)
    pk = drafting.upload().pk
    pages = [drafting.url(name, pk) for name in ("import-preview", "import-layout")]
    for other in (buyer.evaluator, buyer.auditor, other_buyer.lead):
        client = client_for(other)
        assert [client.get(url).status_code for url in pages] == [404, 404]
        assert client.post(drafting.url("give-up-import", pk)).status_code == 404
    with acting_for(buyer.auditor):
        assert type(drafting.upload)  # the row itself is hidden by the database
    assert drafting.uploads() == 1


def test_only_the_lead_brings_a_file_and_the_panel_takes_it_out(drafting, buyer, client_for):
    client = client_for(buyer.evaluator)
    assert client.get(drafting.url("import")).status_code == 403
    assert client.post(drafting.url("import"), {}).status_code == 403
    assert client.post(drafting.url("start-file"), {}).status_code == 403
    assert client.get(drafting.url("workbook")).status_code == 200


def test_a_published_questionnaire_takes_no_file(desk):
    from tests.factories.rfp import make_rfp  # noqa: PLC0415 -- of this test alone

    with acting_for(desk.person) as lead:
        make_rfp(desk.procurement, lead, published=True)
    assert desk.bring("theirs.xlsx", FOREIGN).status_code == 409
    assert "takes no import any more" in page_of(desk.client.get(desk.url("import")))
    assert desk.client.get(desk.url("workbook")).status_code == 200
    with acting_for(desk.person):
        assert Question.objects.count() == 6
