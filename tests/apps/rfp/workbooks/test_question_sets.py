"""Question sets in JSON and YAML: each question is taken or told, none is lost."""

import json
from pathlib import Path

import pytest
import yaml

from apps.core.errors import Incomplete
from apps.core.quarantine.reading import read_plain, read_workbook
from apps.rfp.workbooks import export, question_sets, reading
from apps.rfp.workbooks.form import Form
from apps.rfp.workbooks.markup import plain_text
from apps.rfp.workbooks.numbering import joined
from apps.rfp.workbooks.proposals import Proposal

FOLDER = Path(__file__).resolve().parents[5] / "shared/data/questionnaires"
# Questions of each file that can be represented, counted in the file itself.
PUBLISHED = {
    "digital_marketplace/compiled_digital-outcomes-and-specialists-5_declaration.json": 63,
    "digital_marketplace/compiled_digital-outcomes-and-specialists-5_edit_brief.json": 66,
    "digital_marketplace/compiled_digital-outcomes-and-specialists-5_edit_brief_response.json": 4,
    "digital_marketplace/compiled_digital-outcomes-and-specialists-5_edit_submission.json": 80,
    "digital_marketplace/compiled_g-cloud-13_declaration.json": 56,
    "digital_marketplace/compiled_g-cloud-13_edit_submission.json": 206,
    "vsaq/clean/infrastructure.json": 96,
    "vsaq/clean/physical_and_datacenter.json": 30,
    "vsaq/clean/security_privacy_programs.json": 45,
    "vsaq/clean/test_template.json": 3,
    "vsaq/clean/test_template_extension.json": 1,
    "vsaq/clean/webapp.json": 73,
}
BLOCKS = {
    "version": 1,
    "questionnaire": [
        {
            "type": "block",
            "text": "Offices",
            "items": [
                {"type": "info", "text": "<b>Read</b> this."},
                {
                    "type": "radiogroup", "id": "shared", "text": "Do you <i>share</i> the site?",
                    "choices": [{"shared_yes": "Yes, we do."}, {"shared_no": "No."}],
                },
                {"type": "box", "id": "how", "text": "How is it kept apart?", "cond": "shared_yes"},
                {"type": "line", "id": "why", "text": "Why not?", "cond": "!shared_yes"},
                {
                    "type": "checkgroup", "id": "doors", "text": "Which doors?",
                    "choices": [{"card": "Card"}, {"guard": "Guard"}],
                },
                {"type": "line", "id": "keys", "text": "Who has keys?", "cond": "!card"},
                {"type": "line", "id": "deep", "text": "And then?", "cond": "card && !guard"},
                {"type": "check", "id": "agree", "text": "We agree."},
                {"type": "tip", "id": "tip", "text": "Better not.", "cond": "shared_yes"},
            ],
        }
    ],
}  # fmt: skip
SECTIONS = [
    {
        "name": "About",
        "questions": [
            {"id": "a", "type": "boolean", "question": "Are you a company?", "name": "Company",
             "followup": {"b": [True]}},
            {"id": "b", "type": "number", "unit": "%", "question": "What share is yours?", "hidden": True},
            {"id": "c", "type": "radios", "question": "Which size?", "hint": "Only one.",
             "options": [{"label": "Small", "value": "s"}, {"label": "Large", "value": "l"}],
             "followup": {"d": ["l"], "e": ["s", "l"]}},
            {"id": "d", "type": "date", "question": "Since when?"},
            {"id": "e", "type": "textbox_large", "max_length_in_words": 100, "question": "Why?"},
            {"id": "f", "type": "list", "question": "Which sites?", "list_item_name": "site", "number_of_items": 3},
            {"id": "g", "type": "pricing", "question": "What price?",
             "fields": {"minimum_price": "low", "maximum_price": "high"}},
            {"id": "h", "type": "checkbox_tree", "question": "Which kinds?",
             "options": [{"label": "A", "options": [{"label": "B"}, {"label": "C"}]}, {"label": "D"}]},
            {"id": "i", "type": "dynamic_list", "question": "For each?", "questions": ["x"]},
            {"id": "j", "type": "video", "question": "Show us?"},
        ],
    }
]  # fmt: skip


def items(proposal: Proposal) -> dict:
    return {item.code: item for _part, item in proposal.form.items}


def told(proposal: Proposal) -> set[str]:
    return {remark.place for remark in proposal.left_out}


def test_blocks_become_sections_and_their_groups_choices():
    found = items(question_sets.propose(BLOCKS))
    assert {code: item.kind for code, item in found.items()} == {
        "shared": "single_choice", "how": "text_long", "why": "text_short", "doors": "multi_choice",
        "keys": "text_short", "deep": "text_short", "agree": "yes_no",
    }  # fmt: skip
    assert found["shared"].text == "Do you share the site?"
    assert found["shared"].options == ("Yes, we do.", "No.")


def test_a_condition_on_one_answer_is_taken_and_any_other_is_told():
    proposal = question_sets.propose(BLOCKS)
    assert {code: item.condition for code, item in items(proposal).items() if item.condition} == {
        "how": {"question": "shared", "op": "equals", "value": "Yes, we do."},
        "why": {"question": "shared", "op": "not_equals", "value": "Yes, we do."},
        "keys": {"question": "doors", "op": "lacks", "value": "Card"},
    }
    assert told(proposal) == {"Offices [1]", "deep", "tip", "version"}


def test_marketplace_kinds_become_ours():
    proposal = question_sets.propose(SECTIONS)
    found = items(proposal)
    assert {code: (item.kind, item.options) for code, item in found.items()} == {
        "a": ("yes_no", ()), "b": ("percent", ()), "c": ("single_choice", ("Small", "Large")),
        "d": ("date", ()), "e": ("text_long", ()), "f": ("table", ({"name": "site", "kind": "text_short"},)),
        "g": ("table", ({"name": "Minimum price", "kind": "currency"}, {"name": "Maximum price", "kind": "currency"})),
        "h": ("multi_choice", ("A: B", "A: C", "D")),
    }  # fmt: skip
    assert (found["e"].word_limit, found["c"].text) == (100, "Which size?\n\nOnly one.")
    assert {code: item.condition for code, item in found.items() if item.condition} == {
        "b": {"question": "a", "op": "equals", "value": "Yes"},
        "d": {"question": "c", "op": "equals", "value": "Large"},
    }
    assert told(proposal) == {"e", "f", "i", "j"}


def test_yaml_says_the_same_as_json():
    both = [
        question_sets.propose(read_plain(json.dumps(SECTIONS).encode(), "json")),
        question_sets.propose(
            read_plain(yaml.safe_dump(SECTIONS, sort_keys=False).encode(), "yaml")
        ),
    ]
    assert both[0].form == both[1].form
    assert both[0].left_out == both[1].left_out


def test_a_choice_that_yaml_would_take_for_a_flag_stays_a_word():
    content = b"id: a\ntype: radios\nquestion: Ready?\noptions:\n- label: Yes\n- label: No\n- label: 1.10\n"
    assert items(question_sets.propose(read_plain(content, "yaml")))["a"].options == (
        "Yes",
        "No",
        "1.10",
    )


def test_a_questionnaire_of_ours_is_taken_as_it_is():
    content = {
        "slug": "x",
        "sections": [
            {
                "code": "1", "title": "A", "weight": "100", "envelope": "technical",
                "questions": [
                    {
                        "code": "1.01", "topic": "T", "text": "Q?", "kind": "date", "weight": "0",
                        "required": True, "mode": "info", "evidence": "", "evidence_required": False,
                        "domain": "",
                    }
                ],
            }
        ],
    }  # fmt: skip
    assert items(question_sets.propose(content))["1.01"].kind == "date"


@pytest.mark.parametrize(
    "content",
    [None, 1, "text", [], {}, [1], {"questionnaire": 1}, {"questionnaire": [1]},
     [{"questions": [1]}], {"questionnaire": [{"type": "block", "items": [{"type": "radiogroup", "text": "a"}]}]}],
)  # fmt: skip
def test_another_layout_is_refused_with_a_way_out(content):
    with pytest.raises(Incomplete, match="laid out in a way that is not known"):
        question_sets.propose(content)


def test_a_set_without_a_question_is_refused():
    with pytest.raises(Incomplete, match="no question in this file"):
        question_sets.propose({"questionnaire": [{"type": "block", "items": [{"type": "info"}]}]})


def test_markup_becomes_words():
    markup = 'See <a href="https://a.example">the&nbsp;page</a>:<ul><li>one</li><li>two</li></ul>'
    words = "See the page (https://a.example):\n\n- one\n- two"
    assert plain_text(markup) == (words, True)
    assert plain_text("1 < 2 & 3") == ("1 < 2 & 3", False)


@pytest.mark.skipif(
    not FOLDER.exists(), reason="the published question sets lie outside the project"
)
@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_set_is_taken_and_goes_round(name):
    proposal = question_sets.propose(read_plain((FOLDER / name).read_bytes(), "json"))
    assert len(items(proposal)) == PUBLISHED[name]
    form = joined(Form(), proposal.form)
    assert len(form.codes) == PUBLISHED[name]
    assert reading.read(read_workbook(export.write(form))).form.parts == form.parts


def _texts(value: object):
    if isinstance(value, dict):
        yield from ([value] if "question" in value or value.get("type") else [])
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)


@pytest.mark.skipif(
    not FOLDER.exists(), reason="the published question sets lie outside the project"
)
@pytest.mark.parametrize("name", [name for name in PUBLISHED if name.startswith("vsaq")])
def test_of_a_published_set_nothing_with_an_identifier_is_lost(name):
    content = json.loads((FOLDER / name).read_bytes())
    proposal = question_sets.propose(content)
    known = {item.code for _part, item in proposal.form.items}
    known |= {remark.place for remark in proposal.remarks}
    given = {one["id"] for one in _texts(content) if "id" in one and one["type"] != "block"}
    assert given - known == set()
