"""The award lot by lot: the ranking and the published limit decide, and each vendor learns its own."""

import datetime as dt
import html
import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.bids.models import Bid, PriceReader, Result, ResultPrice
from apps.bids.services import ruling
from apps.bids.states import ResultOutcome
from apps.core import clock
from apps.core.errors import Incomplete, WrongState
from apps.core.models import AuditEvent, Mail
from apps.decision import services
from apps.decision.models import Award, Contract, Decision
from apps.matrix import selectors as matrix
from apps.matrix.services import consensus, ranking
from apps.proof import hashes
from apps.rfp.states import EnvelopeKind
from apps.workspace.states import MemberRole
from tests.conftest import acting_for, add_member, make_user, sign_in
from tests.factories import lots as make
from tests.factories import matrix as make_matrix
from tests.factories import reports as make_reports
from tests.factories import sealing

VELORA_LEADS = {"1.01": (5, 3, 2), "2.02": (5, 3, 2), "4.01": (5, 2, 0), "5.01": (5, 0, 1)}


def ranked(buyer, set_clock, **terms):
    """Velora leads both lots, and both are ranked with prices."""
    stage = make_matrix.to_lock(make.opened(buyer, set_clock, **terms), VELORA_LEADS)
    sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    for code in make.NAMES:
        make.rank(stage, code)
    make_reports.assess(stage)
    return stage


def told(stage, code):
    """What became of each bid in one lot, by vendor, as the buyer keeps it."""
    with acting_for(stage.buyer.lead):
        rows = Result.objects.filter(lot__code=code).select_related("bid__vendor")
        return {row.bid.vendor.name: row.outcome for row in rows}


def page_of(stage, place, person=None):
    vendor = stage.vendors[place]
    client = sign_in(person or vendor.owner)
    return client.get(reverse("bids:result", args=[stage.bids[place].pk]))


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def test_each_lot_is_awarded_and_only_who_bid_for_it_is_told(two_lots):
    make_reports.assess(two_lots)
    make.decide(two_lots, "A")
    assert told(two_lots, "A") == {"Castellan CX": "awarded", "Velora Connect": "not_chosen"}
    assert told(two_lots, "B") == {}
    assert page_of(two_lots, 2).status_code == 404
    make.decide(two_lots, "B", backup=two_lots.bids[2].pk)
    assert told(two_lots, "B") == {"Velora Connect": "awarded", "Tamarind Global": "backup"}
    shown = text_of(page_of(two_lots, 0))
    assert "Lot A, Voice: Not selected" in shown
    assert "Lot B, Chat: Selected" in shown


def test_nobody_is_told_before_the_approval(two_lots):
    make_reports.assess(two_lots)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make.deciding, "approve", lambda **_given: None)
        make.decide(two_lots, "A")
    assert told(two_lots, "A") == {}
    assert all(page_of(two_lots, place).status_code == 404 for place in range(3))
    with acting_for(two_lots.buyer.lead):
        assert not Mail.objects.filter(event__startswith="bids.result:").exists()


def plant(stage, said=()):
    """Give every agreed score a reason of its own, which can be searched for; `said` are others."""
    make_matrix.reopened(stage)
    with acting_for(stage.buyer.moderator) as moderator:
        held = stage.round_for(moderator)
        rows = list(
            matrix.current_consensus(held).select_related(
                "bid__round__rfp__procurement", "question__section"
            )
        )
        for row in rows:
            mark = f"heron{row.bid.letter}{row.question.code.replace('.', '')} meets the anchor"
            consensus.agree(
                scoring_round=held,
                bid=row.bid,
                question=row.question,
                value=row.value,
                reason=dict(said).get((row.bid_id, row.question.code), mark),
                actor=moderator,
            )
    make_matrix.locked(stage)
    with acting_for(stage.buyer.lead) as lead:
        for code in make.NAMES:
            ranking.freeze(
                scoring_round=stage.round_for(lead), lot=make.lot(stage.rfp, code), actor=lead
            )
    return {row.bid_id: row.bid.letter for row in rows}


def mark_of(name):
    return f"egret{name[:4].lower()}"


def marked(buyer, set_clock):
    """Ranked, with a mark of its own in each vendor's texts, assumptions, verdicts and reasons."""
    written = ("1.01", "4.01", "5.01")
    answers = {name: {code: f"{mark_of(name)} {code}" for code in written} for name in make.VENDORS}
    subject = {
        name: ({"kind": "assumption", "place": mark_of(name), "wording": "As is."},)
        for name in make.VENDORS
    }
    stage = make.opened(buyer, set_clock, answers, subject=subject)
    make_matrix.to_lock(stage, make.VALUES)
    sealing.open_envelopes(stage.rfp, EnvelopeKind.COMMERCIAL)
    for code in make.NAMES:
        make.rank(stage, code)
    for place in range(3):
        bid = stage.bid(place)
        with acting_for(buyer.moderator) as moderator:
            why = f"{mark_of(bid.vendor.name)} is fine."
            ruling.rule(bid=bid, number=1, verdict="accepted", reason=why, actor=moderator)
    make_reports.assess(stage)
    return stage


def seen_by(stage, place):
    """All that one vendor is shown of its result: the page and the API."""
    client = sign_in(stage.vendors[place].owner)
    by_api = client.get(f"/api/v1/bids/{stage.bids[place].pk}/result/")
    assert by_api.status_code == 200
    return text_of(page_of(stage, place)) + by_api.content.decode()


def secrets_of(stage, place, letters, prices):
    bid, name = stage.bids[place], stage.vendors[place].organisation.name
    return {
        *(f"heron{letters[bid.pk]}", name, name.split()[0], mark_of(name)),
        *(str(bid.pk), str(bid.vendor_id), prices[bid.pk]),
    }


def test_a_vendor_reads_all_its_own_reasons_and_no_datum_of_another(buyer, set_clock):
    stage = marked(buyer, set_clock)
    letters = plant(stage)
    for code in "AB":
        make.decide(stage, code)
    with acting_for(buyer.lead):
        prices = {row.bid_id: json.loads(row.letter)["price"] for row in ResultPrice.objects.all()}
    for place, bid in enumerate(stage.bids):
        seen = seen_by(stage, place)
        assert f"heron{letters[bid.pk]}101" in seen
        assert f"{mark_of(stage.vendors[place].organisation.name)} is fine." in seen
        with acting_for(stage.vendors[place].owner):
            assert set(Result.objects.values_list("bid_id", flat=True)) == {bid.pk}
            assert not Award.objects.exists()
            assert not Decision.objects.exists()
        for rival in {0, 1, 2} - {place}:
            secrets = secrets_of(stage, rival, letters, prices)
            assert not [one for one in secrets if one in seen]


def test_a_mail_names_its_own_vendor_and_no_figure_or_reason(buyer, set_clock):
    stage = marked(buyer, set_clock)
    plant(stage)
    for code in "AB":
        make.decide(stage, code)
    with acting_for(buyer.lead):
        mails = list(Mail.objects.filter(event__startswith="bids.result:"))
    assert len(mails) == 4
    for mail in mails:
        body = mail.subject + mail.text + mail.html
        assert "heron" not in body
        assert "egret" not in body
        named = [one for one in make.VENDORS if one in body]
        assert len(named) == 1  # its own, in the greeting
        assert named[0].split()[0].lower() in mail.recipient


def test_a_reason_that_names_or_compares_another_bid_is_not_told(two_lots):
    make_reports.assess(two_lots)
    velora, castellan = two_lots.bid(0), two_lots.bid(1)
    plant(
        two_lots,
        {
            (velora.pk, "1.01"): f"Thinner than Bid {castellan.letter}",
            (velora.pk, "2.02"): "castellan shows three sites, this one shows two",
            (velora.pk, "4.01"): "heron own reason",
        },
    )
    make.decide(two_lots, "A")
    shown = text_of(page_of(two_lots, 0))
    assert "Thinner than" not in shown
    assert "castellan" not in shown.lower()
    assert "heron own reason" in shown
    assert shown.count("The recorded reason speaks of another bid and is not told.") == 2


def test_a_colleague_who_reads_no_price_finds_none_in_the_result(two_lots):
    make_reports.assess(two_lots)
    make.decide(two_lots, "A")
    vendor, bid = two_lots.vendors[0], two_lots.bids[0]
    colleague = add_member(vendor.organisation, make_user("Hale Sloane"), MemberRole.MEMBER)
    with acting_for(two_lots.buyer.lead):
        priced = json.loads(ResultPrice.objects.get(bid=bid).letter)
    assert {"price", "points", "total", "currency"} <= set(priced)
    assert "Your price as evaluated" in text_of(page_of(two_lots, 0))
    shown = text_of(page_of(two_lots, 0, colleague))
    assert "Your quality points" in shown
    assert "Your price" not in shown
    assert "Your total" not in shown
    found = sign_in(colleague).get(f"/api/v1/bids/{bid.pk}/result/").json()["results"][0]
    assert found["price"] is None
    assert priced["total"] not in json.dumps(found)
    with acting_for(colleague):
        assert not ResultPrice.objects.exists()
    with acting_for(vendor.owner):
        PriceReader.objects.create(
            organisation_id=bid.organisation_id,
            vendor_id=bid.vendor_id,
            bid_id=bid.pk,
            reader=colleague,
        )
    assert "Your price as evaluated" in text_of(page_of(two_lots, 0, colleague))


def test_a_vendor_at_its_limit_gets_no_later_lot_and_the_next_in_the_ranking_does(buyer, set_clock):
    stage = ranked(buyer, set_clock, most_lots=1)
    with pytest.raises(WrongState, match="Decide lot A first"):
        make.decide(stage, "B")
    make.decide(stage, "A")
    assert told(stage, "A") == {"Velora Connect": "awarded", "Castellan CX": "not_chosen"}
    make.decide(stage, "B")
    assert told(stage, "B") == {"Velora Connect": "not_chosen", "Tamarind Global": "awarded"}
    with acting_for(buyer.lead):
        row = Result.objects.get(lot__code="B", bid__vendor__name="Velora Connect")
        assert row.because == "You have won as many lots as the RFP allows one vendor."


def test_without_a_limit_one_vendor_may_win_every_lot(buyer, set_clock):
    stage = ranked(buyer, set_clock)
    for code in "AB":
        make.decide(stage, code)
        assert told(stage, code)["Velora Connect"] == "awarded"


def test_where_no_rule_was_published_a_limit_is_not_applied_by_hand(buyer, set_clock, monkeypatch):
    monkeypatch.setattr("apps.rfp.selectors.freezing.IN_ORDER", "unknown")
    stage = ranked(buyer, set_clock, most_lots=1)
    with pytest.raises(WrongState, match="published no rule"):
        make.decide(stage, "A")
    make.decide(stage, "A", "re_tender")
    assert set(told(stage, "A").values()) == {"no_award"}


def test_a_public_tender_names_the_selected_and_waits_for_its_standstill(buyer, set_clock):
    stage = ranked(buyer, set_clock, procedure="open", closes_in=dt.timedelta(days=60))
    made = make.decide(stage, "A")
    with acting_for(buyer.lead) as lead:
        until = Result.objects.filter(lot__code="A")[0].standstill_until
        approved = Decision.objects.get(pk=made.pk).approved_at.date()
        assert (until - approved).days in {10, 11, 12}
        assert until.weekday() < 5
        kept = Decision.objects.select_related("procurement__rfp", "lot").get(pk=made.pk)
        for day in (approved, until):
            with pytest.raises(WrongState, match="The standstill runs until"):
                services.record_contract(decision=kept, signed_on=day, actor=lead)
        with pytest.raises(DatabaseError), transaction.atomic():
            Contract.objects.create(
                organisation_id=kept.organisation_id,
                award=Award.objects.get(decision=kept),
                signed_on=until + dt.timedelta(days=1),
                recorded_by=lead,
            )
    shown = text_of(page_of(stage, 1))
    assert "Velora Connect" in shown
    assert "Its tender earned more points on: 1.01" in shown
    assert "The contract is not concluded before." in shown
    set_clock(clock.now() + dt.timedelta(days=(until - approved).days + 1))
    with acting_for(buyer.lead) as lead:
        kept = Decision.objects.select_related("procurement__rfp", "lot").get(pk=made.pk)
        signed = until + dt.timedelta(days=1)
        services.record_contract(decision=kept, signed_on=signed, actor=lead)
        assert Contract.objects.get().signed_on == signed
        assert AuditEvent.objects.filter(action="decision.record_contract").count() == 1


def test_what_was_told_stays_as_it_was(two_lots):
    make_reports.assess(two_lots)
    make.decide(two_lots, "A")
    with acting_for(two_lots.buyer.lead):
        row = Result.objects.filter(lot__code="A")[0]
        assert hashes.of_bytes(row.letter.encode()) == row.digest
        for change in (
            lambda: Result.objects.update(outcome=ResultOutcome.AWARDED),
            lambda: Result.objects.all().delete(),
            lambda: ResultPrice.objects.update(letter="{}"),
            lambda: Award.objects.update(conditions="Other."),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_who_did_not_come_next_is_no_back_up(two_lots):
    make_reports.assess(two_lots)
    with pytest.raises(Incomplete) as refused:
        make.decide(two_lots, "A", backup=two_lots.bids[2].pk)
    assert list(refused.value.fields) == ["backup"]
    with pytest.raises(Incomplete) as refused:
        make.decide(two_lots, "A", winner=two_lots.bids[0].pk)
    assert list(refused.value.fields) == ["winner"]
    with acting_for(two_lots.buyer.lead):
        assert not Award.objects.exists()
        assert Bid.objects.count() == 3
