"""An assessment from its first answer to the frozen record, with the demo's answers."""

import hashlib
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from apps.core.errors import Conflict, Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent
from apps.engine import cases
from apps.readiness import selectors
from apps.readiness.models import Assessment, AssessmentAnswer
from apps.readiness.services import assessing
from apps.readiness.states import AssessmentState
from apps.readiness.types import Given
from apps.workspace.models import Procurement
from apps.workspace.states import Phase
from tests.cceval.demo_files import FRAMEWORK
from tests.factories import readiness

pytestmark = pytest.mark.django_db


def sheet_of(acting: Callable, buyer, assessment):
    with acting(buyer.lead):
        return selectors.sheet(assessment)


def test_the_demos_answers_give_72_of_100_in_the_hybrid_band(buyer, acting):
    sheet = sheet_of(acting, buyer, readiness.signed(buyer))
    assert (sheet.total, sheet.of, sheet.band) == ("72", "100", "Hybrid")
    assert sheet.finding.text == (
        "Weir Valley Homes scores 72 of 100: Hybrid. Closing 4 gaps reaches Ready."
    )
    assert sheet.finding.key == "Hybrid"


def test_pillars_bands_floors_and_gaps_are_the_records(buyer, acting):
    assessment = readiness.signed(buyer)
    result = cases.Record.from_bytes(assessment.record.encode()).to_plain()["result"]
    sheet = sheet_of(acting, buyer, assessment)
    assert [pillar.points for pillar in sheet.pillars] == [
        row["lo"] for row in result["dimensions"]
    ]
    assert [(band.span, band.tone, band.current) for band in sheet.bands] == [
        ("below 50", "bad", False),
        ("from 50", "warn", True),
        ("from 80", "ok", False),
    ]
    assert [(floor.points, floor.least, floor.met) for floor in sheet.floors] == [
        (row["lo"], row["at_least"], row["met"]) for row in result["floors"]
    ]
    assert [gap.points for gap in sheet.gaps] == [row["points"] for row in result["gaps"]]
    assert sum(gap.closes for gap in sheet.gaps) == len(result["next_band"]["close"]) == 4
    assert all(gap.advice for gap in sheet.gaps)


def test_missing_answers_widen_the_score_and_can_leave_the_band_open(buyer, acting):
    # 18 of the demo's 20 answers: 72 - 4 - 4 = 64 at least, 64 + 5 + 5 = 74 at most
    part = {k: v for k, v in readiness.ANSWERS.items() if k not in {"oversight", "crm_access"}}
    assessment = readiness.answer(buyer, readiness.begin(buyer), part)
    sheet = sheet_of(acting, buyer, assessment)
    assert sheet.total == "64 to 74"
    assert sheet.finding.text == (
        "Weir Valley Homes scores 64 to 74 of 100 so far: 2 answers are missing, and the band is "
        "Hybrid whatever they are."
    )
    three = {"crm_access": readiness.ANSWERS["crm_access"]}
    other = readiness.answer(buyer, readiness.begin(buyer), dict.fromkeys(part, Given(None, "")))
    other = readiness.answer(buyer, other, three)
    open_sheet = sheet_of(acting, buyer, other)
    assert open_sheet.total == "4 to 99"
    assert open_sheet.finding.text.endswith("19 answers are missing, and the band depends on them.")
    assert open_sheet.band == ""


def test_the_record_is_frozen_byte_for_byte_and_replays_the_same(buyer, acting):
    signed = readiness.signed(buyer)
    with acting(buyer.lead):
        kept = Assessment.objects.get(pk=signed.pk)
    raw = kept.record.encode()
    assert hashlib.sha256(raw).hexdigest() == kept.digest
    record = cases.Record.from_bytes(raw)
    assert record.to_bytes() == raw
    assert cases.replay(record).same
    assert (kept.state, kept.signed_off_by_id) == (AssessmentState.SIGNED_OFF, buyer.lead.pk)


def test_signing_off_a_new_assessment_supersedes_the_old_one(buyer, acting):
    first = readiness.signed(buyer)
    second = readiness.signed(buyer, oversight=5)
    with acting(buyer.lead):
        assert Assessment.objects.get(pk=first.pk).state == AssessmentState.SUPERSEDED
        standing = selectors.latest_assessment(buyer.lead, buyer.procurement)
        page = selectors.readiness_page(buyer.lead, buyer.procurement)
    assert standing.pk == second.pk
    assert [(one.number, one.total, one.here) for one in page.history] == [
        (2, "73", True),
        (1, "72", False),
    ]


def test_beginning_twice_gives_the_draft_that_is_under_way(buyer):
    first = readiness.begin(buyer)
    assert readiness.begin(buyer, by=buyer.moderator).pk == first.pk


def test_an_assessment_keeps_the_framework_it_was_begun_with(buyer, acting):
    assessment = readiness.begin(buyer)
    with acting(buyer.lead):
        kept = Assessment.objects.get(pk=assessment.pk)
    assert kept.content == FRAMEWORK
    assert kept.framework_version == FRAMEWORK["version"]


@pytest.mark.parametrize(
    ("question", "given", "field"),
    [
        ("crm_access", Given(6, "x"), "crm_access.level"),
        ("crm_access", Given(-1, "x"), "crm_access.level"),
        ("crm_access", Given(3, "  "), "crm_access.evidence"),
        ("crm_access", Given(3, "x" * 4001), "crm_access.evidence"),
        ("nobody_asked", Given(3, "x"), "nobody_asked"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(buyer, acting, question, given, field):
    assessment = readiness.begin(buyer)
    with pytest.raises(Incomplete) as refused:
        readiness.answer(buyer, assessment, {"routing": Given(3, "Plan."), question: given})
    assert list(refused.value.fields) == [field]
    with acting(buyer.lead):
        assert AssessmentAnswer.objects.count() == 0


def test_the_highest_level_is_the_questions_own(buyer):
    assessment = readiness.begin(buyer, "executive_checklist")  # levels 0 to 2
    with pytest.raises(Incomplete) as refused:
        readiness.answer(buyer, assessment, {"journey": Given(3, "A map.")})
    assert refused.value.fields == {"journey.level": "Choose a level from 0 to 2."}
    readiness.answer(buyer, assessment, {"journey": Given(2, "A map.")})


def test_only_what_changed_is_recorded_again(buyer, acting):
    assessment = readiness.answer(buyer, readiness.begin(buyer))
    changed = {**readiness.ANSWERS, "routing": Given(5, "All channels, since November.")}
    readiness.answer(buyer, assessment, changed)
    with acting(buyer.lead):
        assert AuditEvent.objects.filter(action="assessment.answer").count() == 21


def test_answers_that_others_changed_meanwhile_are_not_overwritten(buyer, acting):
    assessment = readiness.begin(buyer)
    with acting(buyer.lead):
        seen = selectors.answer_page(assessment, "technology").seen
        slugs = [
            one.slug for one in selectors.answer_page(assessment, "technology").pillar.questions
        ]
    readiness.answer(buyer, assessment, {"routing": Given(4, "Theirs.")})
    mine = {slug: Given(1, "Mine.") for slug in slugs}
    with acting(buyer.lead), pytest.raises(Conflict):
        assessing.answer_all(assessment=assessment, answers=mine, seen=seen, actor=buyer.lead)
    with acting(buyer.lead):
        assert AssessmentAnswer.objects.get(question="routing").evidence == "Theirs."


def test_after_the_signature_nothing_is_answered_or_signed_again(buyer):
    signed = readiness.signed(buyer)
    with pytest.raises(WrongState, match="Begin a new one to change it"):
        readiness.answer(buyer, signed, {"routing": Given(5, "Later.")})
    with pytest.raises(WrongState):
        readiness.sign_off(buyer, signed)


def test_the_database_refuses_changes_to_what_was_signed(buyer, acting):
    signed = readiness.signed(buyer)
    with acting(buyer.lead):
        answers = AssessmentAnswer.objects.filter(assessment=signed)
        rows = Assessment.objects.filter(pk=signed.pk)
        for change in (
            lambda: answers.update(level=5),
            answers.delete,
            lambda: rows.update(record="{}"),
            lambda: rows.update(state=AssessmentState.DRAFT, digest=""),
            rows.delete,
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert answers.filter(level=5).count() == 0


def test_who_may_assess_and_who_signs(buyer, acting):
    assessment = readiness.begin(buyer)
    for user in (buyer.approver, buyer.executive, buyer.auditor, buyer.opener):
        with acting(user):
            with pytest.raises(NotAllowed):
                assessing.begin(
                    procurement=buyer.procurement, framework=readiness.FRAMEWORK, actor=user
                )
            with pytest.raises(NotAllowed):
                assessing.answer_all(assessment=assessment, answers={}, actor=user)
    for user in (buyer.evaluator, buyer.moderator, buyer.approver):
        with acting(user), pytest.raises(NotAllowed):
            assessing.sign_off(assessment=assessment, actor=user)


def test_an_unknown_framework_is_refused(buyer, acting):
    with pytest.raises(Incomplete) as refused:
        readiness.begin(buyer, "../secrets")
    assert list(refused.value.fields) == ["framework"]
    with acting(buyer.lead), pytest.raises(NotFound):
        selectors.readiness_page(buyer.lead, buyer.procurement, framework="nothing")


def test_every_shipped_framework_can_be_begun_and_shown(buyer, acting):
    with acting(buyer.lead):
        slugs = [one["slug"] for one in selectors.frameworks()]
    for slug in slugs:
        sheet = sheet_of(acting, buyer, readiness.begin(buyer, slug))
        assert sheet.answered == 0
        assert sheet.total.startswith("0 to ")


def test_the_lead_is_asked_until_the_score_is_signed_off(buyer, acting):
    def titles(user):
        with acting(user):
            case = Procurement.objects.get(pk=buyer.procurement.pk)
            return [todo.title for todo in selectors.todos(user, case)]

    assert titles(buyer.lead) == ["Score your own readiness"]
    assert titles(buyer.evaluator) == []
    assessment = readiness.answer(buyer, readiness.begin(buyer))
    assert titles(buyer.lead) == ["Sign off your readiness score"]
    readiness.sign_off(buyer, assessment)
    assert titles(buyer.lead) == []


def test_a_decided_procurement_asks_for_no_score(buyer, acting):
    with acting(buyer.lead):
        Procurement.objects.filter(pk=buyer.procurement.pk).update(phase=Phase.DECIDED)
        case = Procurement.objects.get(pk=buyer.procurement.pk)
        assert selectors.todos(buyer.lead, case) == []
