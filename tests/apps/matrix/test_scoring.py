"""Who scores what, alone: begin, assign, save, finish."""

import copy
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.errors import Conflict, Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Assignment, Score, ScoringRound
from apps.matrix.services import scoring
from apps.matrix.services.judging import check_judgement
from apps.matrix.types import Item
from apps.rfp.models import Question
from apps.workspace.models import PanelMember
from apps.workspace.services import panel
from apps.workspace.states import Interest, Role
from tests.conftest import acting_for
from tests.factories import matrix as make


def give(stage, user, code="1.01", place=0, value="3", reason="Meets anchor 3.", **more):
    with acting_for(user):
        return scoring.save(
            scoring_round=stage.round_for(user),
            bid=stage.bid(place),
            question=stage.questions[code],
            value=None if value is None else Decimal(value),
            reason=reason,
            actor=user,
            **more,
        )


def test_the_lead_begins_a_round_with_evaluators_for_every_scored_section(opened, buyer):
    make.begun(opened)
    with acting_for(buyer.lead):
        held = ScoringRound.objects.get()
        assigned = Assignment.objects.values_list("section__code", "evaluator__name")
        assert (held.phase, held.number) == ("independent", 1)
        assert sorted(assigned) == [
            ("1", "Aisha Rahman"),
            ("1", "Jonas Berg"),
            ("2", "Aisha Rahman"),
            ("2", "Jonas Berg"),
        ]
        assert AuditEvent.objects.filter(action="scoring.begin").count() == 1


def test_a_round_begins_once_after_the_opening_and_by_the_lead(buyer, procurement, opened):
    given = make.assignments(opened)
    with acting_for(buyer.evaluator), pytest.raises(NotAllowed):
        scoring.begin(procurement=procurement, assignments=given, actor=buyer.evaluator)
    make.begun(opened)
    with acting_for(buyer.lead), pytest.raises(WrongState, match="begun already"):
        scoring.begin(
            procurement=make.fresh(opened).procurement, assignments=given, actor=buyer.lead
        )


def test_scoring_does_not_begin_before_the_bids_are_open(buyer, procurement):
    with acting_for(buyer.lead), pytest.raises(WrongState, match="after the bids have been opened"):
        scoring.begin(procurement=procurement, assignments={}, actor=buyer.lead)


def test_a_section_without_an_evaluator_is_named_and_nothing_is_saved(opened, buyer):
    given = make.assignments(opened)
    empty = next(iter(given))
    given[empty] = []
    with acting_for(buyer.lead), pytest.raises(Incomplete) as refused:
        scoring.begin(
            procurement=make.fresh(opened).procurement, assignments=given, actor=buyer.lead
        )
    assert refused.value.fields == {
        str(empty): "Choose at least one evaluator for Service and people."
    }
    with acting_for(buyer.lead):
        assert not ScoringRound.objects.exists()


def test_who_is_no_evaluator_or_has_a_conflict_is_not_assigned(opened, buyer):
    with acting_for(buyer.lead):
        subject = make.fresh(opened).procurement
        with pytest.raises(Incomplete, match="Choose evaluators of this panel"):
            scoring.begin(
                procurement=subject,
                assignments=make.assignments(opened, buyer.moderator),
                actor=buyer.lead,
            )
        PanelMember.objects.filter(user=buyer.evaluator).update(interest=Interest.CONFLICT)
        with pytest.raises(Incomplete, match="Aisha Rahman declared a conflict of interest"):
            scoring.begin(
                procurement=subject, assignments=make.assignments(opened), actor=buyer.lead
            )


def test_a_score_is_kept_with_its_reason_and_the_record_does_not_tell_it(begun, buyer):
    saved = give(begun, buyer.evaluator, value="4", reason="  Plan with dates and owners. ")
    assert (saved.value, saved.reason, saved.version) == (
        Decimal(4),
        "Plan with dates and owners.",
        1,
    )
    with acting_for(buyer.lead):
        event = AuditEvent.objects.get(action="scoring.score")
    assert '"details":{"version":1}' in event.payload
    assert "Plan with dates" not in event.payload


def test_each_change_is_a_version_and_the_same_again_is_none(begun, buyer):
    give(begun, buyer.evaluator, value="4")
    again = give(begun, buyer.evaluator, value="4", version=0)
    changed = give(begun, buyer.evaluator, value="3", version=1)
    assert (again.version, changed.version) == (1, 2)
    with acting_for(buyer.evaluator):
        standing = selectors.own_scores(buyer.evaluator, begun.round_for(buyer.evaluator))
        assert [row.value for row in standing] == [Decimal(3)]
        assert Score.objects.count() == 2


def test_an_old_version_is_a_conflict_that_names_the_one_that_stands(begun, buyer):
    give(begun, buyer.evaluator, value="4")
    with pytest.raises(Conflict) as refused:
        give(begun, buyer.evaluator, value="2", version=0)
    assert refused.value.status == 412
    assert refused.value.current == {"version": 1}


@pytest.mark.parametrize(
    ("value", "reason", "field", "sentence"),
    [
        ("6", "Why.", "value", "Choose a score from 0 to 5."),
        ("-1", "Why.", "value", "Choose a score from 0 to 5."),
        ("2.5", "Why.", "value", "Choose a whole score: the rubric has no half steps."),
        ("3", "  ", "reason", "Give a reason: what in the answer meets which anchor."),
        (None, "", "reason", "Give a reason: what in the answer meets which anchor."),
        ("3", "x" * 4001, "reason", "Shorten the reason to 4000 characters."),
    ],
)
def test_a_wrong_judgement_has_a_sentence_at_its_field(value, reason, field, sentence):
    question = Question(scale_min=Decimal(0), scale_max=Decimal(5))
    with pytest.raises(Incomplete) as refused:
        check_judgement(question, None if value is None else Decimal(value), reason)
    assert refused.value.fields == {field: sentence}
    assert refused.value.sentence == sentence


def test_a_scale_of_its_own_bounds_the_score():
    question = Question(scale_min=Decimal(1), scale_max=Decimal(10))
    check_judgement(question, Decimal(10), "Meets anchor 10.")
    with pytest.raises(Incomplete, match="Choose a score from 1 to 10"):
        check_judgement(question, Decimal(0), "Meets nothing.")


def test_a_refused_score_leaves_nothing_behind(begun, buyer):
    with pytest.raises(Incomplete):
        give(begun, buyer.evaluator, value="6")
    with acting_for(buyer.evaluator):
        assert not Score.objects.exists()


def test_an_abstention_is_no_number(begun, buyer):
    saved = give(begun, buyer.evaluator, value=None, reason="I worked on this plan once.")
    assert saved.value is None


def test_who_may_not_score_is_refused(begun, buyer):
    for person in (buyer.lead, buyer.moderator, buyer.auditor):
        with pytest.raises(NotAllowed):
            give(begun, person)
    with acting_for(buyer.evaluator2):
        Assignment.objects.filter(section__code="2", evaluator=buyer.evaluator2).delete()
    with pytest.raises(NotAllowed, match="not assigned to you"):
        give(begun, buyer.evaluator2, code="2.02")
    with acting_for(buyer.evaluator) as evaluator:
        panel.declare(
            procurement=begun.procurement,
            conflict=True,
            note="A cousin.",
            confidential=True,
            actor=evaluator,
        )
    with pytest.raises(NotAllowed):
        give(begun, buyer.evaluator)


def test_a_question_scored_by_rule_and_one_not_asked_take_no_score(
    buyer, vendor_a, vendor_b, set_clock
):
    stage = make.opened(
        buyer,
        [vendor_a, vendor_b],
        set_clock,
        extra=[("2", make.DRILLS)],
        answers={0: {"2.03": "Twice a year."}, 1: {"2.01": "60"}},
    )
    make.begun(stage)
    with pytest.raises(WrongState, match="not scored by evaluators"):
        give(stage, buyer.evaluator, code="1.02")
    with pytest.raises(WrongState, match="was not asked this question"):
        give(stage, buyer.evaluator, code="2.03", place=1)
    assert give(stage, buyer.evaluator, code="2.03", place=0).version == 1


AWAY = {**make.DRILLS, "condition": {}, "allows_na": True}


def test_what_does_not_apply_takes_no_score_and_evaluators_read_why(
    buyer, vendor_a, vendor_b, set_clock
):
    reason = "Velora Connect runs no drills."
    stage = make.opened(
        buyer,
        [vendor_a, vendor_b],
        set_clock,
        extra=[("2", AWAY)],
        answers={0: {"2.03": {"not_applicable": reason}}, 1: {"2.03": "Never."}},
    )
    make.begun(stage)
    with pytest.raises(WrongState, match="does not apply; no score is given"):
        give(stage, buyer.evaluator, code="2.03", place=0)
    assert give(stage, buyer.evaluator, code="2.03", place=1).version == 1
    with acting_for(buyer.evaluator) as evaluator:
        held = stage.round_for(evaluator)
        page = selectors.question_page(evaluator, Item(held, stage.questions["2.03"]))
    bid = stage.bid(0)
    column = next(one for one in page.columns if one.bid.pk == bid.pk)
    said = "".join(passage.text for part in column.answer.paragraphs for passage in part)
    assert column.not_asked == "No score is given: the vendor answered that this does not apply."
    assert said == "Not applicable: [vendor] runs no drills."
    assert not column.asked


def test_a_bid_that_missed_a_knock_out_is_not_scored(buyer, vendor_a, vendor_b, set_clock):
    stage = make.opened(buyer, [vendor_a, vendor_b], set_clock, answers={1: {"2.01": "96"}})
    make.begun(stage)
    with pytest.raises(WrongState, match="did not pass the knock-out criteria"):
        give(stage, buyer.evaluator, place=1)
    with acting_for(buyer.evaluator) as evaluator:
        held = selectors.board(evaluator, stage.round_for(evaluator))
        removed = [(bid.pk, missed) for bid, missed in held.removed.items()]
        assert [bid for bid, _question in held.cells] == [stage.bids[0]] * 3
    assert [(pk, [one.code for one in missed]) for pk, missed in removed] == [
        (stage.bids[1].pk, ["2.01"])
    ]
    assert removed[0][1][0].reason == "Within 72 hours."


def test_a_section_is_finished_once_everything_in_it_is_scored(begun, buyer):
    section = begun.questions["2.02"].section
    with acting_for(buyer.evaluator) as evaluator, pytest.raises(Incomplete) as refused:
        scoring.finish(scoring_round=begun.round_for(evaluator), section=section, actor=evaluator)
    first = begun.bid(0) if begun.bid(0).letter == "A" else begun.bid(1)
    assert refused.value.sentence == (
        f"2 scores are missing in this section. The first is 2.02 of bid {first.letter}."
    )
    for place in (0, 1):
        give(begun, buyer.evaluator, code="2.02", place=place)
    for _twice in range(2):
        with acting_for(buyer.evaluator) as evaluator:
            scoring.finish(
                scoring_round=begun.round_for(evaluator), section=section, actor=evaluator
            )
    with acting_for(buyer.evaluator):
        row = Assignment.objects.get(section=section, evaluator=buyer.evaluator)
        assert row.finished_at is not None
        assert AuditEvent.objects.filter(action="scoring.finish").count() == 1


def test_the_lead_adds_an_evaluator_to_a_section_while_they_score_alone(opened, buyer):
    make.begun(opened, buyer.evaluator)
    section = opened.questions["1.01"].section
    with acting_for(buyer.lead) as lead:
        held = opened.round_for(lead)
        for _twice in range(2):
            scoring.assign(
                scoring_round=held, section=section, evaluator=buyer.evaluator2.pk, actor=lead
            )
        assert Assignment.objects.filter(evaluator=buyer.evaluator2).count() == 1
        assert AuditEvent.objects.filter(action="scoring.assign").count() == 1
    with acting_for(buyer.moderator) as moderator, pytest.raises(NotAllowed):
        scoring.assign(
            scoring_round=opened.round_for(moderator),
            section=section,
            evaluator=buyer.evaluator2.pk,
            actor=moderator,
        )


def test_nobody_waits_for_an_evaluator_who_left(begun, buyer):
    with acting_for(buyer.lead) as lead:
        member = PanelMember.objects.get(user=buyer.evaluator2, role=Role.EVALUATOR)
        panel.dismiss(member=member, actor=lead)
        held = selectors.board(lead, begun.round_for(lead))
        assert selectors.unscored(held) == ["Aisha Rahman: 6"]
        waits = {row.evaluator.name: row.waits for row in selectors.progress(held)}
        assert waits == {"Aisha Rahman": True, "Jonas Berg": False}
        other = PanelMember.objects.get(user=buyer.evaluator, role=Role.EVALUATOR)
        panel.dismiss(member=other, actor=lead)
        alone = selectors.unscored(selectors.board(lead, begun.round_for(lead)))
    assert alone[:2] == ["1.01 of bid A: nobody", "1.01 of bid B: nobody"]
    assert len(alone) == 6


def test_scores_are_append_only_in_the_database(begun, buyer):
    saved = give(begun, buyer.evaluator)
    with acting_for(buyer.evaluator):
        for change in (
            lambda: Score.objects.filter(pk=saved.pk).update(value=Decimal(5)),
            lambda: Score.objects.filter(pk=saved.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert Score.objects.get().value == Decimal(3)


def test_saving_a_score_reads_one_bid_alone_however_many_there_are(buyer, vendors, set_clock):
    """Of another bid's envelope not a byte is read: it could not even be decrypted here."""
    stage = make.begun(make.opened(buyer, vendors, set_clock))
    with acting_for(buyer.evaluator) as evaluator:
        held, every = make.cells(stage, evaluator)
        bid, question = every[0]
        with CaptureQueriesContext(connection) as asked:
            scoring.save(
                scoring_round=held, bid=bid, question=question, value=Decimal(3),
                reason="Meets anchor 3.", actor=evaluator,
            )  # fmt: skip
    reads = [one["sql"] for one in asked if "bids_envelope" in one["sql"]]
    assert len(reads) == 1
    assert bid.pk.hex in reads[0]
    assert len(asked) == 12


def test_one_answer_stands_as_the_whole_board_says(buyer, vendors, set_clock):
    stage = make.opened(
        buyer,
        vendors,
        set_clock,
        extra=[("2", make.DRILLS), ("2", AWAY)],
        answers={
            0: {"2.03": "Twice a year.", "2.04": {"not_applicable": "We have none."}},
            1: {"2.01": "60"},
            2: {"2.01": "96"},
        },
    )
    make.begun(stage)
    every = list(stage.questions.values())
    with acting_for(buyer.evaluator) as evaluator:
        held = stage.round_for(evaluator)
        board = selectors.board(evaluator, held)
        for bid in (stage.bid(place) for place in range(3)):
            for question in every:
                standing = selectors.standing_of(evaluator, held, (bid, question))
                assert standing.admitted == (bid.pk in board.bids)
                scored = standing.admitted and standing.asked and standing.applies
                assert scored == ((bid.pk, question.pk) in board.keys), question.code


def test_a_bid_of_another_tender_is_no_bid_here(begun, buyer, other_buyer):
    with acting_for(buyer.evaluator) as evaluator:
        held = begun.round_for(evaluator)
        _held, every = make.cells(begun, evaluator)
        bid, question = every[0]
        stranger = copy.copy(bid)
        stranger.round = copy.copy(bid.round)
        stranger.round.rfp_id = other_buyer.procurement.pk
        standing = selectors.standing_of(evaluator, held, (stranger, question))
    assert (standing.admitted, standing.asked) == (False, False)
