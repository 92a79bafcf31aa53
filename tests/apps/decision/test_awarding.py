"""The award by page and API: who may pick, tie, conditions, contract, and a tender without an award."""

import html
import json
import re
import uuid

import pytest
from django.urls import reverse

from apps.bids.models import Result
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import Mail
from apps.decision import services
from apps.decision.models import Award, Contract, Decision
from apps.decision.selectors import awarding
from apps.proof import hashes
from tests.conftest import acting_for, sign_in
from tests.factories import decision

pytestmark = pytest.mark.usefixtures("db")
RATIONALE = "The ranking is clear."


def post(found, person, name, data, *more):
    return sign_in(person).post(
        reverse(f"decision:{name}", args=[found.rfp.procurement_id, *more]), data
    )


def told(found):
    with acting_for(found.buyer.lead):
        names = {bid.pk: key for key, bid in found.bids.items()}
        return {names[row.bid_id]: row.outcome for row in Result.objects.all()}


def test_the_proposal_freezes_winner_back_up_conditions_and_every_notice(ready, buyer):
    given = {
        "outcome": "outsource",
        "rationale": RATIONALE,
        "backup": ready.id_of("velora"),
        "conditions": "Cover of 5 million is shown before signature.",
    }
    assert post(ready, buyer.lead, "propose", given).status_code == 302
    with acting_for(buyer.lead):
        award = Award.objects.select_related("decision").get()
        assert hashes.of_bytes(award.record.encode()) == award.digest
        held = json.loads(award.record)
        assert held["winner"] == ready.id_of("castellan")
        assert held["backup"] == ready.id_of("velora")
        assert held["decision"] == award.decision.digest
        assert set(held["notices"]) == {ready.id_of(key) for key in ready.bids}
    assert told(ready) == {}
    decision.approve(ready, award.decision)
    assert told(ready) == {"castellan": "awarded", "velora": "backup", "tamarind": "not_chosen"}
    for key, said in {
        "castellan": "Selected",
        "velora": "Back-up",
        "tamarind": "Not selected",
    }.items():
        place = reverse("bids:result", args=[ready.bids[key].pk])
        result = sign_in(ready.vendors[key].owner).get(place).content.decode()
        assert re.findall(r"<h1[^>]*>(.+?)</h1>", result) == [said]
    shown = sign_in(buyer.executive).get(reverse("decision:walk", args=[ready.rfp.procurement_id]))
    page = html.unescape(shown.content.decode())
    assert "Cover of 5 million is shown before signature." in page
    assert "What each vendor was told" in page
    with acting_for(buyer.lead):
        assert not Mail.objects.filter(text__contains="Cover of 5 million").exists()


def test_the_award_goes_to_the_first_of_the_ranking_and_to_nobody_else(ready, buyer):
    with acting_for(buyer.lead) as lead:
        for key in ("velora", "tamarind"):
            with pytest.raises(Incomplete) as refused:
                services.propose(
                    procurement=ready.procurement,
                    outcome="outsource",
                    rationale=RATIONALE,
                    terms=services.Terms(winner=ready.bids[key].pk),
                    actor=lead,
                )
            assert list(refused.value.fields) == ["winner"]
        assert not Decision.objects.exists()


def test_an_outcome_that_awards_nothing_tells_every_vendor_so(ready, buyer):
    given = {"outcome": "keep_in_house", "rationale": RATIONALE, "conditions": "None."}
    assert post(ready, buyer.lead, "propose", given).status_code == 422
    made = decision.propose(ready, "keep_in_house", RATIONALE)
    decision.approve(ready, made)
    assert set(told(ready).values()) == {"no_award"}
    assert len(told(ready)) == 3
    given = {"signed_on": "2027-01-05"}
    assert post(ready, buyer.lead, "contract", given, made.pk).status_code == 409


def test_the_lead_alone_records_the_contract_once(ready, buyer):
    made = decision.propose(ready)
    with acting_for(buyer.lead) as lead:
        kept = Decision.objects.select_related("procurement").get(pk=made.pk)
        with pytest.raises(WrongState):
            services.record_contract(decision=kept, signed_on=None, actor=lead)
    decision.approve(ready, made)
    with acting_for(buyer.lead):
        day = Decision.objects.get().approved_at.date().isoformat()
    for person in (buyer.evaluator, buyer.approver, buyer.auditor, buyer.executive):
        assert post(ready, person, "contract", {"signed_on": day}, made.pk).status_code == 403
    for wrong in ("", "soon", "2019-01-01"):
        assert post(ready, buyer.lead, "contract", {"signed_on": wrong}, made.pk).status_code == 422
    assert post(ready, buyer.lead, "contract", {"signed_on": day}, made.pk).status_code == 302
    assert post(ready, buyer.lead, "contract", {"signed_on": day}, made.pk).status_code == 409
    with acting_for(buyer.lead):
        assert Contract.objects.count() == 1


def test_the_award_by_api_is_the_bytes_that_were_approved(ready, buyer):
    case = f"/api/v1/procurements/{ready.rfp.procurement_id}/decision"
    client = sign_in(buyer.lead)
    given = {"outcome": "outsource", "rationale": RATIONALE, "backup": ready.id_of("tamarind")}
    refused = client.post(f"{case}/", given, content_type="application/json")
    assert refused.status_code == 422
    assert "backup" in refused.content.decode()
    made = client.post(
        f"{case}/",
        {**given, "backup": ready.id_of("velora")},
        content_type="application/json",
    ).json()
    found = client.get(f"{case}/{made['id']}/award/").json()
    assert hashes.of_bytes(found["record"].encode()) == found["digest"]
    assert found["winner"] == ready.id_of("castellan")
    by_page = client.get(
        reverse("decision:award", args=[ready.rfp.procurement_id, made["id"]])
    ).content
    assert by_page.decode() == found["record"]
    early = client.post(
        f"{case}/{made['id']}/contract/",
        {"signed_on": "2027-01-05"},
        content_type="application/json",
    )
    assert early.status_code == 409
    vendor = ready.vendors["velora"]
    stranger = sign_in(vendor.owner)
    assert stranger.get(f"{case}/{made['id']}/award/").status_code == 404
    assert stranger.get(f"/api/v1/bids/{ready.id_of('velora')}/result/").status_code == 404


def test_of_a_tie_a_person_chooses_one_and_the_others_learn_that(buyer, set_clock):
    found = decision.ready(buyer, set_clock, "velora", "castellan")
    with acting_for(buyer.lead) as lead:
        candidates = awarding.candidates_for(lead, found.procurement, None)
        first, second = candidates.groups[0][0], candidates.groups[1][0]
        tied = awarding.Candidates(candidates.ranking, ((first, second),))
        with pytest.raises(Incomplete) as refused:
            awarding.choose(tied, winner=None, backup=None)
        assert list(refused.value.fields) == ["winner"]
        chosen = awarding.choose(tied, winner=uuid.UUID(second.id), backup=uuid.UUID(first.id))
        assert (chosen.winner, chosen.backup) == (second, first)


def test_the_proposer_does_not_approve_the_award(ready, buyer):
    made = decision.propose(ready)
    with pytest.raises(NotAllowed):
        decision.approve(ready, made, by=buyer.lead)
    assert told(ready) == {}


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("absolute-linear", {"price", "currency", "points", "total"}),
        ("lowest-over-price", {"price", "currency"}),
    ],
)
def test_points_that_would_give_another_price_away_are_left_out(
    buyer, set_clock, monkeypatch, formula, told
):
    plain = decision.rank_case

    def by_formula(*given, **scores):
        case = plain(*given, **scores)
        params = case["price"]["params"] if formula == "absolute-linear" else {}
        return {**case, "price": {**case["price"], "formula": formula, "params": params}}

    monkeypatch.setattr(decision, "rank_case", by_formula)
    found = decision.ready(buyer, set_clock)
    decision.propose(found)
    with acting_for(buyer.lead):
        notices = json.loads(Award.objects.get().record)["notices"]
    assert [set(one["price"]) for one in notices.values()] == [told] * 3
    assert all("points" in one["letter"]["criteria"][0] for one in notices.values())
