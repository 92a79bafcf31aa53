"""The consensus pages: sealed, open, agreed, locked."""

import html
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.matrix.models import Consensus
from apps.workspace.models import PanelMember
from apps.workspace.states import Interest
from tests.conftest import acting_for, make_vendor
from tests.factories import matrix as make


def at(stage, name, *args):
    return reverse(f"matrix:{name}", args=[stage.procurement.pk, *args])


def words(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return " ".join(plain.split())


def test_the_moderator_sees_who_has_scores_left_and_opens_when_none_is(begun, buyer, client_for):
    client = client_for(buyer.moderator)
    waiting = client.get(at(begun, "consensus"))
    assert "Aisha Rahman: 6" in words(waiting)
    assert 'aria-disabled="true"' in waiting.content.decode()
    early = client.post(at(begun, "open_consensus"))
    assert early.status_code == 422
    assert "Scores are still missing: Aisha Rahman: 6; Jonas Berg: 6." in words(early)
    make.scored(begun)
    assert "Every score is in" in words(client.get(at(begun, "consensus")))
    assert client.post(at(begun, "open_consensus")).status_code == 302
    assert client.post(at(begun, "open_consensus")).status_code == 409


def test_the_widest_spread_comes_first_and_agreement_is_told(agreeing, buyer, client_for):
    """Scores 3 (seven) and 4 (five), one pair apart: alpha = 1 - 11 * 2 / (2 * 7 * 5) = 0.686."""
    shown = client_for(buyer.moderator).get(at(agreeing, "consensus"))
    rows = re.findall(r'<a href="[^"]+/consensus/([\d.]+)/">', shown.content.decode())
    assert rows == ["1.01", "1.01", "1.04", "1.04", "2.02", "2.02"]
    first = re.search(r"<tbody>(.*?)</tr>", shown.content.decode(), re.DOTALL)
    assert first is not None
    assert f"Bid {agreeing.bid(0).letter}" in first[1]
    assert "0 of 6 scores agreed" in words(shown)
    assert "Adopt the 5 unanimous scores" in words(shown)
    assert "0.69 The evaluators agree enough for tentative conclusions." in words(shown)


def test_unanimous_scores_are_adopted_and_the_rest_agreed_on_the_question(
    agreeing, buyer, client_for
):
    client, letter = client_for(buyer.moderator), agreeing.bid(0).letter
    assert client.post(at(agreeing, "adopt_unanimous")).status_code == 302
    assert "5 scores adopted." in words(client.get(at(agreeing, "consensus")))
    page = client.get(at(agreeing, "agreeing", "1.01"))
    assert "Aisha Rahman, 4 Meets anchor 4." in words(page)
    assert "Jonas Berg, 3 Meets anchor 3." in words(page)
    given = {f"{letter}-value": "5", f"{letter}-reason": "", f"{letter}-version": "0"}
    wrong = client.post(at(agreeing, "agree", "1.01"), given)
    assert wrong.status_code == 422
    assert f"Bid {letter}: Give a reason" in words(wrong)
    done = client.post(
        at(agreeing, "agree", "1.01"),
        {**given, f"{letter}-reason": "Better than bid Z, says Berg."},
    )
    assert done.status_code == 302
    after = words(client.get(at(agreeing, "agreeing", "1.01")))
    assert "Outside what any evaluator gave" in after
    assert "compares bids. Say what the rubric needs" in after
    assert "“Berg” is one of the panel. The vendor reads this reason" in after
    assert "Each vendor reads the reason for its own bid in its letter." in after
    overview = words(client.get(at(agreeing, "consensus")))
    assert "1 reason compares bids" in overview
    assert "1 agreed score lies outside what evaluators gave" in overview
    assert client.post(at(agreeing, "lock")).status_code == 302


def test_the_lock_says_what_it_does_and_what_blocks_it(agreeing, buyer, client_for):
    client = client_for(buyer.moderator)
    shown = client.get(at(agreeing, "consensus"))
    assert "6 scores still to agree" in words(shown)
    assert "Afterwards two persons are needed to change a score" in words(shown)
    blocked = client.post(at(agreeing, "lock"))
    assert blocked.status_code == 422
    assert "6 scores are not agreed yet" in words(blocked)
    back = client.post(at(agreeing, "return_to_scoring"), {"reason": " "})
    assert back.status_code == 422
    assert "Say why the panel goes back to scoring." in words(back)
    assert client.post(at(agreeing, "return_to_scoring"), {"reason": "Misread."}).status_code == 302
    assert client.get(at(agreeing, "agreeing", "1.01")).status_code == 409


def test_members_read_the_consensus_and_only_the_moderator_acts(agreeing, buyer, client_for):
    for person in (buyer.lead, buyer.evaluator, buyer.auditor):
        client = client_for(person)
        shown = client.get(at(agreeing, "agreeing", "1.01"))
        assert "Aisha Rahman, 4" in words(shown)
        assert b'type="radio"' not in shown.content
        for name in ("adopt_unanimous", "lock", "open_consensus", "return_to_scoring"):
            assert client.post(at(agreeing, name)).status_code == 403
        assert client.post(at(agreeing, "agree", "1.01")).status_code == 403
    with acting_for(buyer.moderator):
        assert not Consensus.objects.exists()


def test_an_evaluator_in_conflict_reads_no_score_of_the_panel(agreeing, buyer, client_for):
    with acting_for(buyer.lead):
        PanelMember.objects.filter(user=buyer.evaluator2).update(interest=Interest.CONFLICT)
    client = client_for(buyer.evaluator2)
    assert "Not shown to you" in words(client.get(at(agreeing, "consensus")))
    assert client.get(at(agreeing, "agreeing", "1.01")).status_code == 403


def test_after_the_lock_names_stand_beside_letters(agreeing, buyer, client_for):
    client = client_for(buyer.evaluator)
    assert "Velora Connect" not in words(client.get(at(agreeing, "consensus")))
    make.locked(make.agreed(agreeing))
    assert "Velora Connect" in words(client.get(at(agreeing, "consensus")))
    assert "Velora Connect" in words(client.get(at(agreeing, "agreeing", "1.01")))


def test_the_consensus_reads_the_database_equally_often_for_one_bid_and_for_three(
    buyer, other_buyer, set_clock, client_for
):
    counts = []
    for people, bidders in ((buyer, 1), (other_buyer, 3)):
        vendors = [make_vendor(f"Vendor {n}", people.organisation) for n in range(bidders)]
        stage = make.agreed(make.to_consensus(make.opened(people, vendors, set_clock)))
        client = client_for(people.moderator)
        for page in (("consensus",), ("agreeing", "1.01")):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(at(stage, *page)).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 40
