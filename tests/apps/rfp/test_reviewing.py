"""Publication needs a second person, who approved exactly this draft."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp import selectors
from apps.rfp.models import Review, Rfp
from apps.rfp.services import authoring, publishing, reviewing
from apps.rfp.states import ReviewState, RfpState
from tests.conftest import acting_for, sign_in
from tests.factories import sealing as keys
from tests.factories.bids import queries
from tests.factories.rfp import accept_all, approve


@pytest.fixture
def ready(draft, lead):
    accept_all(draft, lead)
    return draft


@pytest.fixture
def asked(ready, lead):
    return reviewing.ask(rfp=ready, actor=lead, note="Mind the knock-out.")


def test_without_an_approval_nothing_is_published(ready, lead):
    with pytest.raises(Incomplete) as refused:
        publishing.publish(rfp=ready, actor=lead)
    assert refused.value.fields == {
        "review": "A second person has to approve this RFP. Send it for review."
    }
    assert Rfp.objects.get(pk=ready.pk).state == RfpState.DRAFT


def test_an_approved_draft_is_published_and_the_record_says_by_whom(ready, lead, buyer):
    approve(ready, lead)
    keys.prove_all(ready)
    publishing.publish(rfp=ready, actor=lead)
    event = json.loads(AuditEvent.objects.get(action="rfp.publish").payload)
    assert event["details"]["approved_by"] == str(buyer.approver.pk)


@pytest.mark.parametrize(
    "change",
    [
        lambda rfp, lead: authoring.set_terms(rfp=rfp, actor=lead, introduction="Another."),
        lambda rfp, lead: (
            authoring.weigh_sections(rfp=rfp, weights={"1": "60"}, actor=lead)
            or authoring.edit_question(
                question=selectors.questionnaire(rfp)[0].questions[0], actor=lead, text="New text?"
            )
        ),
    ],
)
def test_any_later_change_voids_the_approval(ready, lead, change):
    approve(ready, lead)
    change(Rfp.objects.select_related("procurement__organisation").get(pk=ready.pk), lead)
    found = Rfp.objects.get(pk=ready.pk)
    with pytest.raises(Incomplete) as refused:
        publishing.publish(rfp=found, actor=lead)
    assert refused.value.fields == {
        "review": "The RFP changed after it was approved. Send it for review again."
    }


def test_changing_it_back_lets_the_approval_stand_again(ready, lead):
    before = ready.introduction
    approve(ready, lead)
    authoring.set_terms(rfp=ready, actor=lead, introduction="Another.")
    assert selectors.review_blockers(ready)
    authoring.set_terms(rfp=ready, actor=lead, introduction=before)
    assert selectors.review_blockers(ready) == ()


def test_who_asked_does_not_decide(asked, lead):
    with pytest.raises(NotAllowed, match="A second person decides it"):
        reviewing.approve(review=asked, actor=lead)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rfp_review SET state = 'approved', decided_at = now(),"
            " decided_by_id = requested_by_id WHERE id = %s",
            [asked.pk],
        )


def test_an_evaluator_does_not_decide(asked, buyer):
    with acting_for(buyer.evaluator) as user, pytest.raises(NotAllowed):
        reviewing.approve(review=asked, actor=user)


def test_a_draft_that_changed_since_is_not_approved(asked, ready, lead, buyer):
    authoring.set_terms(rfp=ready, actor=lead, introduction="Another.")
    with (
        acting_for(buyer.approver) as user,
        pytest.raises(WrongState, match="has changed since it was sent"),
    ):
        reviewing.approve(review=Review.objects.get(pk=asked.pk), actor=user)


def test_an_incomplete_draft_is_returned_not_approved(draft, lead, buyer):
    authoring.set_terms(rfp=draft, actor=lead, pricing_models=[])
    review = reviewing.ask(rfp=draft, actor=lead)
    with acting_for(buyer.approver) as user:
        with pytest.raises(WrongState, match="Choose at least one pricing model"):
            reviewing.approve(review=review, actor=user)
        with pytest.raises(Incomplete):
            reviewing.send_back(review=review, verdict=" ", actor=user)
        reviewing.comment(review=review, place="1.01", text="Who pays training?", actor=user)
        reviewing.send_back(review=review, verdict="", actor=user)
    review.refresh_from_db()
    assert (review.state, review.decided_by) == (ReviewState.RETURNED, buyer.approver)
    message = Mail.objects.get(event=f"review-decided:{review.pk}")
    assert (message.recipient, message.subject) == (
        buyer.lead.email,
        "Returned: Out of hours call centre support",
    )


def test_a_comment_names_a_place_of_this_questionnaire_and_stands(asked, buyer):
    with acting_for(buyer.approver) as user:
        with pytest.raises(Incomplete) as refused:
            reviewing.comment(review=asked, place="9.99", text="What?", actor=user)
        assert set(refused.value.fields) == {"place"}
        made = reviewing.comment(review=asked, place="2.01", text="Too strict.", actor=user)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE rfp_reviewcomment SET text = 'x' WHERE id = %s", [made.pk])


def test_reviewers_are_told_and_the_one_who_asks_is_not(asked, buyer):
    told = set(Mail.objects.filter(event=f"review:{asked.pk}").values_list("recipient", flat=True))
    assert told == {buyer.approver.email, buyer.moderator.email}


def test_sending_again_takes_the_earlier_request_back(asked, ready, lead):
    again = reviewing.ask(rfp=ready, actor=lead)
    asked.refresh_from_db()
    assert (asked.state, again.state) == (ReviewState.WITHDRAWN, ReviewState.REQUESTED)


def test_an_rfp_of_one_person_can_do_without(ready, lead):
    authoring.set_terms(rfp=ready, actor=lead, needs_review=False)
    keys.prove_all(ready)
    assert publishing.publish(rfp=ready, actor=lead).state == RfpState.PUBLISHED


def test_the_review_goes_through_the_pages(ready, buyer):
    case = buyer.procurement.pk
    lead, approver = sign_in(buyer.lead), sign_in(buyer.approver)
    page = reverse("rfp:review", args=[case])
    assert lead.post(reverse("rfp:ask-review", args=[case]), {"note": "Look"}).status_code == 302
    with acting_for(buyer.lead):
        review = Review.objects.get()
    assert "Approve for publication" not in lead.get(page).content.decode()
    assert "Approve for publication" in approver.get(page).content.decode()
    at = [case, review.pk]
    said = approver.post(reverse("rfp:comment-review", args=at), {"place": "1.01", "text": ""})
    assert said.status_code == 422
    assert "Write what should change here." in said.content.decode()
    assert lead.post(reverse("rfp:approve-review", args=at)).status_code == 403
    assert approver.post(reverse("rfp:approve-review", args=at)).status_code == 302
    assert "Approved" in lead.get(page).content.decode()
    with acting_for(buyer.lead):
        keys.prove_all(review.rfp)
    assert lead.post(reverse("rfp:publish", args=[case])).status_code == 302


def test_another_buyer_finds_no_review(asked, buyer, other_buyer):
    client = sign_in(other_buyer.approver)
    at = [buyer.procurement.pk, asked.pk]
    assert client.get(reverse("rfp:review", args=at[:1])).status_code == 404
    assert client.post(reverse("rfp:approve-review", args=at)).status_code == 404


def test_the_page_costs_the_same_with_one_review_and_with_three(asked, ready, buyer):
    client = sign_in(buyer.approver)
    url = reverse("rfp:review", args=[buyer.procurement.pk])
    with acting_for(buyer.approver) as user:
        reviewing.comment(review=asked, place="", text="One.", actor=user)
    once = queries(client, url)
    for word in ("Two.", "Three."):
        with acting_for(buyer.lead) as user:
            again = reviewing.ask(rfp=ready, actor=user)
        with acting_for(buyer.approver) as user:
            reviewing.comment(review=again, place="", text=word, actor=user)
    assert queries(client, url) == once


def test_the_overview_asks_the_second_person_and_not_the_one_who_asked(asked, buyer):
    case = buyer.procurement
    with acting_for(buyer.approver) as user:
        assert [one.title for one in selectors.todos(user, case)] == ["Review the RFP"]
    with acting_for(buyer.lead) as user:
        assert "Review the RFP" not in [one.title for one in selectors.todos(user, case)]


def test_the_rules_are_set_on_the_page(draft, buyer):
    case, client = buyer.procurement.pk, sign_in(buyer.lead)
    url = reverse("rfp:review-rule", args=[case])
    wrong = client.post(url, {"needs_review": "on", "question_days": "61"})
    assert wrong.status_code == 422
    assert "Give a number from 0 to 60." in wrong.content.decode()
    assert client.post(url, {"question_days": "3"}).status_code == 302
    with acting_for(buyer.lead):
        stored = Rfp.objects.get(pk=draft.pk)
    assert (stored.needs_review, stored.question_days) == (False, 3)
