"""Publication: checked as a whole, frozen under a digest; then only the deadline moves."""

import datetime as dt
import hashlib
import json

import pytest

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp import selectors
from apps.rfp.models import Rfp
from apps.rfp.services import authoring, publishing
from apps.rfp.states import EnvelopeKind, RfpState
from apps.workspace.models import Procurement
from apps.workspace.states import Phase
from tests.conftest import acting_for
from tests.factories import sealing
from tests.factories.rfp import accept_all, approve, publish


def test_publishing_freezes_the_content_under_its_digest_and_goes_to_tender(draft, lead):
    publish(draft, lead)
    stored = Rfp.objects.get(pk=draft.pk)
    assert stored.state == RfpState.PUBLISHED
    assert stored.digest == hashlib.sha256(stored.frozen.encode()).hexdigest()
    assert stored.published_at is not None
    assert Procurement.objects.get(pk=draft.procurement_id).phase == Phase.TENDERING
    event = AuditEvent.objects.get(action="rfp.publish")
    assert f'"digest":"{stored.digest}"' in event.payload


def test_the_frozen_content_holds_everything_vendors_are_judged_by(published):
    content = json.loads(published.frozen)
    assert content["award"]["quality_weight"] == "60"
    assert content["award"]["price_formula"] == {
        "slug": "absolute-linear",
        "version": "1",
        "params": {"floor": "800000", "cap": "2200000"},
        "depends_on_other_bids": False,
    }
    assert content["award"]["nodes"] == selectors.weight_tree(published)
    assert [one["code"] for s in content["sections"] for one in s["questions"]] == [
        "1.01",
        "1.02",
        "1.03",
        "2.01",
        "2.02",
        "3.01",
    ]
    assert content["sections"][1]["questions"][0]["knockout"]["reason"] == "Within 72 hours."
    assert content["workload"] == published.workload.content
    assert content["deadline"]["closes_at"] == published.round.closes_at.isoformat()


def test_the_in_house_cost_is_not_published(draft, lead):
    authoring.set_workload(
        rfp=draft,
        actor=lead,
        content=draft.workload.content,
        in_house={
            "model": "per_fte",
            "rates": {"unit": "hour", "billable_hour": "paid", "rate": "17.4321"},
            "shrinkage": {"base": "additive", "parts": []},
        },
    )
    publish(draft, lead)
    assert "17.4321" not in draft.frozen


def test_what_blocks_is_named_and_nothing_is_published(draft, lead):
    authoring.weigh_sections(rfp=draft, weights={"1": "50"}, actor=lead)
    authoring.set_terms(rfp=draft, actor=lead, pricing_models=[])
    with pytest.raises(Incomplete) as refused:
        publishing.publish(rfp=draft, actor=lead)
    assert refused.value.fields == {
        "1-section-weights": "Section weights add up to 90; they must add up to 100."
        " Give out 10 more.",
        "2-pricing-models": "Choose at least one pricing model that vendors may bid.",
    }
    stored = Rfp.objects.get(pk=draft.pk)
    assert (stored.state, stored.digest, stored.frozen) == (RfpState.DRAFT, "", "")
    assert Procurement.objects.get(pk=draft.procurement_id).phase == Phase.PREPARING
    assert not Mail.objects.exists()


def test_a_warning_has_to_be_accepted_with_a_reason(draft, lead):
    authoring.set_terms(rfp=draft, actor=lead, price_formula="lowest-over-price")
    found = {one.code for one in selectors.completeness(draft)}
    assert "finding-award-depends-on-losers" in found
    with pytest.raises(Incomplete):
        publishing.publish(rfp=draft, actor=lead)
    with pytest.raises(Incomplete) as refused:
        publishing.accept_finding(rfp=draft, code="award-depends-on-losers", reason=" ", actor=lead)
    assert refused.value.fields == {"reason": "Give the reason in a sentence."}
    accept_all(draft, lead)
    assert selectors.completeness(draft) == ()
    approve(draft, lead)
    sealing.prove_all(draft)
    publishing.publish(rfp=draft, actor=lead)
    assert Rfp.objects.get(pk=draft.pk).accepted_findings["award-depends-on-losers"] == (
        "Known and wanted here."
    )


def test_a_finding_that_does_not_stand_is_not_accepted(draft, lead):
    with pytest.raises(WrongState, match="does not stand any more"):
        publishing.accept_finding(rfp=draft, code="weight-zero", reason="Fine.", actor=lead)


def test_an_error_of_the_linter_cannot_be_accepted(draft, lead):
    authoring.set_terms(
        rfp=draft,
        actor=lead,
        quality_weight="100",
        price_weight="0",
        price_formula="price-per-quality",
        price_params={},
    )
    with pytest.raises(Incomplete) as refused:
        publishing.accept_finding(
            rfp=draft, code="minimum-quality-missing", reason="Fine.", actor=lead
        )
    assert refused.value.fields == {"reason": "This has to be mended; it cannot be accepted."}


def test_publishing_twice_is_refused(published, lead):
    with pytest.raises(WrongState, match="has been published"):
        publishing.publish(rfp=published, actor=lead)


def test_only_the_lead_publishes(draft, lead, buyer):
    accept_all(draft, lead)
    with acting_for(buyer.approver) as user, pytest.raises(NotAllowed):
        publishing.publish(rfp=draft, actor=user)


def test_the_panel_is_told_once_each(published, buyer):
    told = Mail.objects.filter(event=f"published:{published.pk}")
    assert told.count() == 9
    message = told.get(recipient=buyer.opener.email)
    assert message.subject == "Published: Out of hours call centre support"
    assert published.digest in message.text


def test_an_rfp_closes_after_deadline_and_grace_by_lead_or_opener(published, buyer, set_clock):
    with acting_for(buyer.opener) as user:
        set_clock(published.round.closes_at - dt.timedelta(seconds=5))
        with pytest.raises(WrongState, match="Bids may still arrive"):
            publishing.close(rfp=published, actor=user)
        set_clock(published.round.closes_at + published.round.grace + dt.timedelta(seconds=1))
        publishing.close(rfp=published, actor=user)
    with acting_for(buyer.lead):
        assert Rfp.objects.get(pk=published.pk).state == RfpState.CLOSED


def test_an_evaluator_does_not_close(published, buyer, set_clock):
    set_clock(published.round.closes_at + dt.timedelta(hours=2))
    with acting_for(buyer.evaluator) as user, pytest.raises(NotAllowed):
        publishing.close(rfp=published, actor=user)


def test_a_published_rfp_is_cancelled_with_a_reason_that_everybody_reads(published, lead):
    with pytest.raises(Incomplete):
        publishing.cancel(rfp=published, reason=" ", actor=lead)
    publishing.cancel(rfp=published, reason="The budget was withdrawn.", actor=lead)
    assert Rfp.objects.get(pk=published.pk).state == RfpState.CANCELLED
    assert "The budget was withdrawn." in Mail.objects.filter(event__startswith="cancel")[0].text


def test_a_cancelled_draft_tells_nobody_and_is_not_published(draft, lead):
    publishing.cancel(rfp=draft, reason="Not needed.", actor=lead)
    assert not Mail.objects.exists()
    with pytest.raises(WrongState):
        publishing.publish(rfp=draft, actor=lead)


def test_opened_bids_cannot_be_cancelled(published, lead, set_clock):
    set_clock(published.round.closes_at + dt.timedelta(hours=1))
    sealing.open_envelopes(published, EnvelopeKind.TECHNICAL)
    published.round.refresh_from_db()
    with pytest.raises(WrongState, match="Bids have been opened"):
        publishing.cancel(rfp=published, reason="Late regret.", actor=lead)
