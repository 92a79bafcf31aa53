"""A round on a mock bid: written by who leads, scored alone, shown to all, and nothing of it counts."""

import html
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Calibration, MockAnswer, TrialScore
from apps.matrix.selectors.calibrating import calibration_page
from apps.matrix.services import calibrating
from apps.matrix.types import Tried
from apps.workspace.models import PanelMember, Procurement
from tests.conftest import acting_for
from tests.factories import matrix as make

MOCK = "We hire when a client calls. canary-660318852047"
WHY = "Level 1: no plan is named. lantern-402817765139"
OTHER = "Level 4: it names who answers. torch-771920036412"


def case_of(stage):
    return Procurement.objects.get(pk=stage.procurement.pk)


def write(stage, code="1.01", text=MOCK, actor=None):
    with acting_for(actor or stage.buyer.lead) as person:
        return calibrating.write(procurement=case_of(stage), code=code, text=text, actor=person)


def started(stage, *codes):
    for code in codes or ("1.01",):
        write(stage, code)
    with acting_for(stage.buyer.lead) as lead:
        calibrating.start(procurement=case_of(stage), actor=lead)
    return stage


def give(stage, person, value="1", reason=WHY, code="1.01"):
    with acting_for(person):
        answer = MockAnswer.objects.get(
            question__code=code, calibration=Calibration.objects.latest("number")
        )
        return calibrating.score(
            procurement=case_of(stage),
            given={answer.pk: Tried(Decimal(value), reason)},
            actor=person,
        )


def show(stage, actor=None):
    with acting_for(actor or stage.buyer.lead) as person:
        calibrating.show(procurement=case_of(stage), actor=person)


def page(client, stage):
    url = reverse("matrix:calibration", args=[stage.procurement.pk])
    return html.unescape(client.get(url).content.decode())


def home(client, stage):
    url = reverse("workspace:procurement", args=[stage.procurement.pk])
    return html.unescape(client.get(url).content.decode())


def test_nobody_sees_another_s_score_before_all_are_shown(opened, buyer, client_for):
    started(opened)
    assert give(opened, buyer.evaluator) == {}
    assert give(opened, buyer.evaluator2, "4", OTHER) == {}
    assert WHY in page(client_for(buyer.evaluator), opened)
    for person in (buyer.evaluator2, buyer.lead, buyer.moderator, buyer.auditor):
        shown = page(client_for(person), opened)
        assert MOCK in shown
        assert WHY not in shown
        assert "points apart" not in shown
    show(opened)
    for person in (buyer.evaluator, buyer.evaluator2, buyer.lead, buyer.moderator, buyer.auditor):
        shown = page(client_for(person), opened)
        assert WHY in shown
        assert OTHER in shown
        assert "3 points apart" in shown


def test_the_widest_gap_is_read_first(opened, buyer):
    started(opened, "1.01", "1.04")
    for code, values in {"1.01": ("3", "3"), "1.04": ("0", "5")}.items():
        for person, value in zip((buyer.evaluator, buyer.evaluator2), values, strict=True):
            give(opened, person, value, code=code)
    show(opened)
    with acting_for(buyer.evaluator) as evaluator:
        (done,) = calibration_page(evaluator, case_of(opened)).shown
    assert [(trial.question.code, trial.points) for trial in done.trials] == [
        ("1.04", 5),
        ("1.01", 0),
    ]
    assert [trial.wide for trial in done.trials] == [True, False]


def test_nothing_of_it_counts_in_the_real_scores(begun, buyer):
    started(begun)
    give(begun, buyer.evaluator, "5")
    with acting_for(buyer.evaluator) as evaluator:
        assert not selectors.own_scores(evaluator, begun.round_for(evaluator)).exists()
        (row,) = (
            one
            for one in selectors.progress(selectors.board(evaluator, begun.round_for(evaluator)))
            if one.evaluator == evaluator
        )
    assert row.scored == 0


def test_a_score_may_change_until_all_are_shown_and_not_after(opened, buyer):
    started(opened)
    give(opened, buyer.evaluator, "1")
    give(opened, buyer.evaluator, "2")
    with acting_for(buyer.lead):
        assert [one.value for one in TrialScore.objects.all()] == [2]
    show(opened)
    with pytest.raises(WrongState, match="not scored now"):
        give(opened, buyer.evaluator, "5")
    with pytest.raises(WrongState, match="shown once"):
        show(opened)


def test_what_is_scored_stands_as_it_was_written(opened, buyer):
    started(opened)
    for change in (
        lambda: write(opened, "1.01", "Easier."),
        lambda: write(opened, "1.04"),
        lambda: started(opened, "1.04"),
    ):
        with pytest.raises(WrongState, match="has this mock bid already"):
            change()
    with acting_for(buyer.lead) as lead, pytest.raises(WrongState):
        calibrating.remove(procurement=case_of(opened), code="1.01", actor=lead)


def test_after_one_was_shown_the_next_begins_and_both_can_be_read(opened, buyer, client_for):
    started(opened)
    give(opened, buyer.evaluator)
    show(opened)
    started(opened, "1.04")
    give(opened, buyer.evaluator2, "4", OTHER, code="1.04")
    shown = page(client_for(buyer.evaluator), opened)
    assert WHY in shown
    assert OTHER not in shown
    with acting_for(buyer.lead):
        assert [one.number for one in Calibration.objects.order_by("number")] == [1, 2]


def test_an_answer_is_written_again_or_taken_out_before_it_is_scored(opened, buyer):
    write(opened)
    write(opened, text="Better put.")
    write(opened, "1.04")
    with acting_for(buyer.lead) as lead:
        calibrating.remove(procurement=case_of(opened), code="1.04", actor=lead)
        assert [one.text for one in MockAnswer.objects.all()] == ["Better put."]
        with pytest.raises(NotFound):
            calibrating.remove(procurement=case_of(opened), code="1.04", actor=lead)


@pytest.mark.parametrize(
    ("code", "text", "field"),
    [("1.01", " \n", "text"), ("1.01", "x" * 5001, "text"), ("1.02", MOCK, "question")],
    ids=["empty", "too long", "scored by rule"],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(opened, code, text, field):
    with pytest.raises(Incomplete) as refused:
        write(opened, code, text)
    assert set(refused.value.fields) == {field}


def test_it_needs_an_answer_and_a_second_evaluator(opened, buyer):
    with acting_for(buyer.lead) as lead:
        case = case_of(opened)
        with pytest.raises(NotFound, match="no mock bid"):
            calibrating.start(procurement=case, actor=lead)
    write(opened)
    with acting_for(buyer.lead) as lead:
        PanelMember.objects.filter(procurement=case, user=buyer.evaluator2).delete()
        with pytest.raises(WrongState, match="Appoint a second one"):
            calibrating.start(procurement=case, actor=lead)


def test_each_does_what_their_role_allows(opened, buyer):
    for person in (buyer.evaluator, buyer.auditor, buyer.approver):
        with pytest.raises(NotAllowed):
            write(opened, actor=person)
    write(opened, actor=buyer.moderator)
    started(opened)
    with pytest.raises(NotAllowed):
        give(opened, buyer.lead)
    give(opened, buyer.evaluator)
    with pytest.raises(NotAllowed):
        show(opened, buyer.evaluator)
    show(opened, buyer.moderator)


def test_from_the_consensus_on_there_is_none(begun, buyer, client_for):
    make.in_consensus(make.scored(begun))
    with pytest.raises(WrongState, match="until the consensus"):
        write(begun)
    assert "until the consensus on the real ones" in page(client_for(buyer.lead), begun)


def test_the_log_says_who_did_what_and_no_score(opened, buyer):
    started(opened)
    give(opened, buyer.evaluator)
    show(opened)
    with acting_for(buyer.lead):
        rows = AuditEvent.objects.filter(action__startswith="calibration.").order_by("pk")
        assert [row.action for row in rows] == [
            *("calibration.write", "calibration.start"),
            *("calibration.score", "calibration.show"),
        ]
        assert not any(word in row.payload for row in rows for word in (MOCK, WHY, "value"))


def test_the_pages_write_score_and_show_and_keep_what_was_typed(opened, buyer, client_for):
    case = opened.procurement.pk
    lead, evaluator = client_for(buyer.lead), client_for(buyer.evaluator)

    def post(client, name, given=None, *args):
        return client.post(reverse(f"matrix:{name}", args=[case, *args]), given or {})

    wrong = post(lead, "write_mock", {"question": "", "text": "As typed."})
    assert (wrong.status_code, "As typed." in wrong.content.decode()) == (422, True)
    assert post(evaluator, "write_mock").status_code == 403
    for code in ("1.01", "1.04"):
        assert post(lead, "write_mock", {"question": code, "text": MOCK}).status_code == 302
    wrong = post(lead, "write_mock", {"question": "1.01", "text": ""})
    assert (wrong.status_code, wrong.content.decode().count("Write what the mock bid")) == (422, 2)
    assert "The mock bid is being written" in page(evaluator, opened)
    assert post(lead, "remove_mock", None, "1.04").status_code == 302
    post(lead, "write_mock", {"question": "1.04", "text": MOCK})
    assert post(lead, "start_calibration").status_code == 302
    assert "Score 2 mock answers" in home(evaluator, opened)

    both = {"1.01-value": "1", "1.01-reason": WHY, "1.04-value": "9", "1.04-reason": "As typed."}
    partly = post(evaluator, "try_scores", both)
    assert partly.status_code == 200
    assert "As typed." in partly.content.decode()
    assert "Choose a score from 0 to 5." in partly.content.decode()
    assert post(evaluator, "try_scores", {"1.04-value": "3"}).status_code == 422
    both |= {"1.04-value": "3"}
    assert post(evaluator, "try_scores", both).status_code == 302
    assert "mock answer" not in home(evaluator, opened)
    assert post(lead, "try_scores", both).status_code == 403
    assert buyer.evaluator2.name in page(lead, opened).partition("Not all is scored by:")[2]
    assert post(client_for(buyer.evaluator2), "try_scores", both).status_code == 302
    assert "Show the scores of the mock bid" in home(lead, opened)
    assert post(lead, "show_calibration").status_code == 302
    assert "Mock bid 1: how the panel read it" in page(evaluator, opened)


def test_the_page_asks_as_much_for_three_answers_as_for_one(opened, buyer):
    def cost():
        with acting_for(buyer.evaluator) as evaluator:
            case = case_of(opened)
            with CaptureQueriesContext(connection) as asked:
                assert calibration_page(evaluator, case).now.trials
        return len(asked)

    started(opened)
    for person in (buyer.evaluator, buyer.evaluator2):
        give(opened, person)
    first = cost()
    show(opened)
    started(opened, "1.01", "1.04", "2.02")
    for code in ("1.01", "1.04", "2.02"):
        for person in (buyer.evaluator, buyer.evaluator2):
            give(opened, person, code=code)
    assert cost() == first


def test_who_left_the_panel_is_not_waited_for_and_stands_for_nobody(opened, buyer, client_for):
    started(opened)
    for person in (buyer.evaluator, buyer.evaluator2):
        give(opened, person)
    third = make.appoint(buyer, "Kim Sato")
    assert "Show the scores of the mock bid" not in home(client_for(buyer.lead), opened)
    with acting_for(buyer.lead):
        PanelMember.objects.filter(user=buyer.evaluator2).update(active=False)
    assert "Show the scores of the mock bid" not in home(client_for(buyer.lead), opened)
    give(opened, third)
    assert "Show the scores of the mock bid" in home(client_for(buyer.lead), opened)


def test_a_reason_is_asked_for_and_never_called_optional(opened, buyer, client_for):
    started(opened)
    assert "(optional)" not in page(client_for(buyer.evaluator), opened)
    (error,) = give(opened, buyer.evaluator, reason=" ").values()
    assert "Give a reason" in error.sentence
    with acting_for(buyer.lead):
        assert not TrialScore.objects.exists()


def test_the_database_keeps_one_score_of_each_evaluator_and_one_round_of_a_number(opened, buyer):
    started(opened)
    give(opened, buyer.evaluator)
    with acting_for(buyer.lead):
        score = TrialScore.objects.get()
        for again in (score, score.answer, score.answer.calibration):
            again.pk = None
            with pytest.raises(IntegrityError), transaction.atomic():
                again.save(force_insert=True)
