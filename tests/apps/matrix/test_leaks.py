"""Before its time nobody gets another's score, a total, a rank, or a name beside a letter."""

import html
import itertools
import json
import re

import pytest
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Consensus, Score
from tests.conftest import acting_for
from tests.factories import matrix as make

PLANTED = "the amber heron crosses at dusk"


def page_addresses(stage) -> list[str]:
    case = [stage.procurement.pk]
    codes, letters = ("1.01", "1.04", "2.02"), "AB"
    found = [
        reverse(f"matrix:{name}", args=case)
        for name in (
            *("scoring", "consensus", "ranking", "record", "criteria"),
            *("vendor_questions", "calibration"),
        )
    ]
    found += [reverse("matrix:question", args=[*case, code]) for code in codes]
    found += [reverse("matrix:agreeing", args=[*case, code]) for code in codes]
    found += [
        reverse("matrix:save", args=[*case, code, letter])
        for code, letter in itertools.product(codes, letters)
    ]
    found += [reverse("workspace:procurement", args=case), reverse("workspace:record", args=case)]
    return found


def api_addresses(stage) -> list[str]:
    case = f"/api/v1/procurements/{stage.procurement.pk}"
    return [
        f"{case}/{place}/"
        for place in (
            "scoring",
            "scoring/scores",
            "scoring/vendor-questions",
            "consensus",
            "ranking",
        )
    ]


def everything(client, stage) -> str:
    """All that a person can read of the evaluation, page by page and by the API."""
    answers = [client.get(url) for url in [*page_addresses(stage), *api_addresses(stage)]]
    assert all(answer.status_code < 500 for answer in answers)
    return "\n".join(html.unescape(answer.content.decode()) for answer in answers)


@pytest.fixture
def planted(opened, buyer):
    """One evaluator has scored everything, with reasons that can be searched for."""
    make.scored(make.begun(opened))
    with acting_for(buyer.evaluator):
        one = Score.objects.filter(evaluator=buyer.evaluator).first()
        Score.objects.create(
            organisation_id=one.organisation_id,
            scoring_round_id=one.scoring_round_id,
            bid_id=one.bid_id,
            question_id=one.question_id,
            evaluator=buyer.evaluator,
            version=2,
            value=one.value,
            reason=PLANTED,
        )
    return opened


def people(buyer):
    return {
        name: getattr(buyer, name)
        for name in (
            "lead",
            "evaluator2",
            "moderator",
            "opener",
            "approver",
            "executive",
            "auditor",
        )
    }


def test_while_scoring_alone_nobody_reads_another_s_score_or_reason(planted, buyer, client_for):
    assert PLANTED in everything(client_for(buyer.evaluator), planted)
    for name, person in people(buyer).items():
        read = everything(client_for(person), planted)
        assert PLANTED not in read, name
        if person != buyer.evaluator2:
            assert not re.search(r"Meets anchor \d", read), name


def test_while_scoring_alone_the_selectors_give_own_scores_and_no_count_of_others(planted, buyer):
    for person in (buyer.lead, buyer.moderator, buyer.auditor):
        with acting_for(person):
            held = planted.round_for(person)
            assert list(selectors.scores_visible_to(person, held)) == []
            assert list(selectors.consensus_visible_to(person, held)) == []
    with acting_for(buyer.evaluator2) as other:
        mine = selectors.scores_visible_to(other, planted.round_for(other))
        assert {score.evaluator_id for score in mine} == {other.pk}
        assert len(mine) == 6


def test_an_evaluator_sees_no_progress_of_another(planted, buyer, client_for):
    client = client_for(buyer.evaluator2)
    shown = client.get(reverse("matrix:scoring", args=[planted.procurement.pk]))
    assert "Aisha Rahman" not in html.unescape(shown.content.decode())
    told = client.get(f"/api/v1/procurements/{planted.procurement.pk}/scoring/").json()
    assert told["evaluators"] == []
    assert [row["section"] for row in told["sections"]] == ["1", "2"]


def test_what_was_agreed_is_hidden_again_when_the_panel_returns_to_scoring(
    planted, buyer, client_for
):
    make.agreed(make.in_consensus(planted))
    client_for(buyer.moderator).post(
        reverse("matrix:return_to_scoring", args=[planted.procurement.pk]), {"reason": "Misread."}
    )
    with acting_for(buyer.lead):
        assert Consensus.objects.count() == 6
    for person in (buyer.lead, buyer.evaluator2, buyer.auditor):
        read = everything(client_for(person), planted)
        assert "Agreed: meets anchor" not in read
        assert PLANTED not in read


def test_before_the_lock_no_page_names_a_vendor_to_those_who_judge(planted, buyer, client_for):
    make.agreed(make.in_consensus(planted))
    for person in (buyer.evaluator, buyer.evaluator2, buyer.moderator):
        read = everything(client_for(person), planted)
        assert "Velora" not in read
        assert "Castellan" not in read


def test_before_the_lock_letter_and_name_never_stand_together_for_the_lead(
    planted, buyer, client_for
):
    pages = [url for url in page_addresses(planted) if "/panel" not in url]
    for url in pages:
        read = html.unescape(client_for(buyer.lead).get(url).content.decode())
        assert not ("Velora" in read and re.search(r"Bid [AB]\b", read)), url


def test_no_total_and_no_rank_exists_before_the_lock(planted, buyer, client_for):
    make.agreed(make.in_consensus(planted))
    for person in (buyer.lead, buyer.moderator, buyer.auditor, buyer.executive):
        client = client_for(person)
        assert client.get(api_addresses(planted)[-1]).status_code == 404
        assert (
            client.get(reverse("matrix:record", args=[planted.procurement.pk])).status_code == 404
        )


def test_vendors_and_other_buyers_find_nothing_at_any_time(
    planted, buyer, other_buyer, vendor_a, vendor_b, client_for
):
    make.locked(make.agreed(make.in_consensus(planted)))
    for stranger in (vendor_a.owner, vendor_b.respondent, other_buyer.lead, other_buyer.auditor):
        client = client_for(stranger)
        for url in [*page_addresses(planted), *api_addresses(planted)]:
            expected = {404, 405} if "/bids/" in url else {404}
            assert client.get(url).status_code in expected, url


def test_the_record_of_events_tells_that_a_score_was_saved_and_not_which(planted, buyer):
    with acting_for(buyer.auditor):
        events = AuditEvent.objects.filter(action__in=["scoring.score", "scoring.finish"])
        assert events.count() == 12
        for event in events:
            details = json.loads(event.payload)["details"]
            assert set(details) <= {"version", "section"}


def overview(client, stage):
    """The words of the case file's first page."""
    shown = client.get(reverse("workspace:procurement", args=[stage.procurement.pk]))
    return html.unescape(shown.content.decode())


def test_before_the_lock_the_overview_names_no_vendor_and_no_leader(begun, buyer, client_for):
    for name, person in people(buyer).items():
        read = overview(client_for(person), begun)
        assert "First in the ranking" not in read, name
    assert "Velora" not in overview(client_for(buyer.evaluator), begun)


def test_after_the_lock_the_overview_names_the_leader(locked, buyer, client_for):
    read = overview(client_for(buyer.lead), locked)
    assert "First in the ranking" in read
    assert "Velora Connect" in read
