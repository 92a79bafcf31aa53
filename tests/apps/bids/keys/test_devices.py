"""Reading, changing and submitting again: on the device that submitted, with the code, without."""

import json
import re

import pytest
from django.urls import reverse

from apps.bids import adapters, selectors
from apps.bids.models import Answer, AnswerVersion, Bid, KeptKey, Submission
from apps.bids.services import inviting, keeping, submitting
from apps.bids.states import BidState
from apps.core import keystore, signing
from apps.core.errors import NotAllowed
from apps.core.models import AuditEvent, Mail
from apps.proof import receipts, recovery
from tests.apps.bids.keys.conftest import code_in
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
TEXT = "New agents train for six weeks. amber"
CODE = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}\b")


def at(name, bid, *more):
    return reverse(f"bids:{name}", args=[bid.pk, *more])


def see(client, name, bid, *more):
    return client.get(at(name, bid, *more), follow=True).content.decode()


def state_of(bid, vendor):
    with acting_for(vendor.owner):
        return Bid.objects.get(pk=bid.pk).state


def test_after_the_submission_the_service_has_no_key_to_the_bid(submitted, vendor_a):
    assert not keystore.exists(adapters.draft_key(submitted.pk))
    with acting_for(vendor_a.owner):
        with pytest.raises(adapters.Locked):
            selectors.draft_of(submitted)
        assert KeptKey.objects.get().submission == Submission.objects.get()


def test_the_device_that_submitted_reads_reopens_and_submits_again_without_a_code(
    submitted, laptop, vendor_a, settled
):
    assert TEXT in see(laptop, "check", submitted)
    assert TEXT in see(laptop, "section", submitted, "1")
    before = code_in(laptop)
    with settled():
        laptop.post(at("reopen", submitted))
    assert state_of(submitted, vendor_a) == BidState.DRAFT
    with acting_for(vendor_a.respondent):  # a colleague works on, as before the submission
        assert selectors.draft_of(submitted).values["1.01"] == TEXT
    laptop.post(at("section", submitted, "1"), {"v-1.01": "1", "a-1.01": "Eight weeks."})
    with settled():
        laptop.post(at("submit", submitted))
    assert "Eight weeks." in see(laptop, "check", submitted)
    assert code_in(laptop) == before  # one code for the bid, whatever is submitted
    assert not keystore.exists(adapters.draft_key(submitted.pk))


def test_another_device_shows_what_is_known_and_reads_with_the_code(submitted, laptop, other):
    page = see(other, "portal", submitted)
    assert TEXT not in page
    assert "Read with the recovery code" in page
    for name, more in (("check", ()), ("section", ("1",)), ("price", ()), ("assumptions", ())):
        answer = other.get(at(name, submitted, *more))
        assert (answer.status_code, answer.headers["Location"]) == (302, at("portal", submitted))
    for name in ("team", "evidence", "about", "questions", "change", "passport", "library"):
        assert other.get(at(name, submitted)).status_code == 200, name
    typed = code_in(laptop).lower().replace("-", " ")
    answer = other.post(at("unlock", submitted), {"code": typed, "to": "check"})
    assert answer.headers["Location"] == at("check", submitted)
    assert TEXT in see(other, "check", submitted)  # and from now on it needs no code


def test_reopening_elsewhere_takes_the_code(submitted, laptop, other, vendor_a, settled):
    refused = other.post(at("reopen", submitted))
    assert refused.status_code == 409
    assert "Type the recovery code of your last receipt." in refused.content.decode()
    assert state_of(submitted, vendor_a) == BidState.SUBMITTED
    with settled():
        other.post(at("reopen", submitted), {"code": code_in(laptop)})
    assert state_of(submitted, vendor_a) == BidState.DRAFT
    assert TEXT in see(other, "section", submitted, "1")


def test_a_slip_is_told_apart_from_a_wrong_code_and_wrong_ones_are_recorded_and_slowed(
    submitted, other, laptop, vendor_a
):
    url, right = at("unlock", submitted), code_in(laptop)
    slip = other.post(url, {"code": "Z" + right[1:] if right[0] != "Z" else "Y" + right[1:]})
    assert slip.status_code == 422
    assert "Compare it with your receipt" in slip.content.decode().replace("&#x27;", "'")
    assert other.post(url, {"code": ""}).status_code == 422
    foreign = recovery.write_code(recovery.new_secret())
    for _try in range(keeping.MOST_TRIES):
        assert other.post(url, {"code": foreign}).status_code == 409
    with acting_for(vendor_a.owner):
        noted = AuditEvent.objects.filter(action="refused.bids:unlock", refused=True)
        assert noted.count() == keeping.MOST_TRIES
        assert foreign not in "".join(noted.values_list("payload", flat=True))
    slowed = other.post(url, {"code": right})
    assert slowed.status_code == 429
    assert "Wait a quarter of an hour" in slowed.content.decode()
    assert TEXT in see(laptop, "check", submitted)  # nobody locks out the device that has the key


def test_the_code_helps_an_owner_and_nobody_else(submitted, laptop, vendor_a, vendor_b, buyer):
    code = code_in(laptop)
    colleague = sign_in(vendor_a.respondent)
    assert colleague.post(at("unlock", submitted), {"code": code}).status_code == 403
    colleague.cookies["bid-key"] = code  # the same browser, another person
    page = see(colleague, "portal", submitted)
    assert TEXT not in page
    assert "An owner of your organisation" in page
    receipt = see(colleague, "receipt", submitted)
    assert not CODE.search(receipt)
    assert not CODE.search(colleague.get(at("receipt_file", submitted)).content.decode())
    for stranger in (vendor_b.owner, buyer.lead):
        client = sign_in(stranger)
        client.cookies["bid-key"] = code
        assert client.post(at("unlock", submitted), {"code": code}).status_code == 404
        assert client.get(at("portal", submitted)).status_code == 404
    with acting_for(vendor_a.respondent):
        assert not KeptKey.objects.exists()
        with pytest.raises(NotAllowed):
            keeping.unlock(bid=submitted, code=code, actor=vendor_a.respondent)


def test_an_owner_who_left_has_no_use_for_the_code(submitted, laptop, vendor_a, buyer):
    with acting_for(vendor_a.owner):
        vendor_a.owner.memberships.update(active=False)
    assert laptop.get(at("portal", submitted)).status_code in {403, 404}
    with acting_for(vendor_a.respondent):
        assert not KeptKey.objects.exists()


def test_withdrawing_needs_no_key_and_another_device_starts_again(
    submitted, other, vendor_a, tender, settled, laptop
):
    other.post(at("withdraw", submitted))
    assert state_of(submitted, vendor_a) == BidState.WITHDRAWN
    assert "cannot be undone" in see(other, "start_again", submitted)
    with settled():
        other.post(at("start_again", submitted))
    with acting_for(vendor_a.owner):
        draft = selectors.draft_of(submitted)
        assert (draft.values, draft.files, draft.price) == ({}, {}, None)
        versions = AnswerVersion.objects.filter(question=tender.questions["1.01"])
        assert sorted(versions.values_list("version", flat=True)) == [1, 2]
        assert Answer.objects.get(question=tender.questions["1.01"]).version == 2
        assert not KeptKey.objects.exists()
        assert [one.value for one in selectors.history_of(submitted, tender.questions["1.01"])] == [
            ""
        ]
    see(other, "comments", submitted, tender.questions["1.01"].pk)
    assert "Names and digests" in see(other, "receipt", submitted)  # the short form stays
    refused = other.post(at("unlock", submitted), {"code": code_in(laptop)})
    assert refused.status_code == 409  # what the old code opened is no more


def test_what_was_started_again_is_filled_and_submitted(
    submitted, other, vendor_a, tender, settled, laptop
):
    with settled():
        other.post(at("start_again", submitted))
    assert state_of(submitted, vendor_a) == BidState.DRAFT
    for code, text in (("1.01", "Again."), ("1.02", "Yes"), ("3.01", "As asked.")):
        section = code[0]
        other.post(at("section", submitted, section), {f"v-{code}": "2", f"a-{code}": text})
    with acting_for(vendor_a.owner) as owner:
        draft = selectors.draft_of(submitted)
        assert draft.values == {"1.01": "Again.", "1.02": "Yes", "3.01": "As asked."}
        assert draft.gaps()
    assert other.post(at("start_again", submitted)).status_code == 409  # it can be read
    assert owner


def test_a_bid_that_can_be_read_is_not_emptied(filled, laptop, vendor_a):
    assert laptop.post(at("start_again", filled)).status_code == 409
    with acting_for(vendor_a.owner):
        assert selectors.draft_of(filled).values["1.01"] == TEXT
    assert sign_in(vendor_a.respondent).post(at("start_again", filled)).status_code == 403


def test_the_answer_to_the_submission_may_get_lost_and_the_browser_has_the_key(
    filled, laptop, settled
):
    laptop.get(at("check", filled))
    kept = code_in(laptop)
    with settled():
        laptop.post(at("submit", filled))
    laptop.cookies["bid-key"] = kept  # as if the answer had never come
    with settled():
        again = laptop.post(at("submit", filled))
    assert again.headers["Location"] == at("receipt", filled)
    assert kept in see(laptop, "receipt", filled)


def test_the_cookie_is_of_one_bid_and_no_script_reads_it(submitted, laptop):
    morsel = laptop.cookies["bid-key"]
    assert morsel["path"] == at("portal", submitted)
    assert (morsel["httponly"], morsel["samesite"]) == (True, "Lax")


def test_accepting_again_makes_no_key_beside_the_vendors(submitted, laptop, vendor_a, tender):
    laptop.post(at("withdraw", submitted))
    with acting_for(vendor_a.owner) as owner:
        invitation = tender.rfp.invitations.get(vendor=vendor_a.organisation)
        inviting.decline(invitation=invitation, reason="No team.", actor=owner)
    token = f"token of {vendor_a.organisation.pk} in {tender.rfp.pk}"
    inviting.accept(token=token, name="", password="a long test password")
    assert not keystore.exists(adapters.draft_key(submitted.pk))
    assert TEXT in see(laptop, "check", submitted)


def test_no_mail_and_no_event_holds_the_code(submitted, laptop, vendor_a):
    code = code_in(laptop)
    with acting_for(vendor_a.owner):
        said = [*Mail.objects.values_list("text", flat=True)]
        said += AuditEvent.objects.values_list("payload", flat=True)
    assert said
    assert not any(code in one or code.replace("-", "") in one for one in said)


def test_by_api_the_code_is_answered_once_and_reopens(filled, laptop, settled, vendor_a):
    api = f"/api/v1/bids/{filled.pk}"
    kind = {"content_type": "application/json"}
    with settled():
        made = laptop.post(f"{api}/submit/", {}, **kind).json()
    again = laptop.post(f"{api}/submit/", {}, **kind).json()
    assert "recovery_code" not in again
    sealed = laptop.get(f"{api}/").json()
    assert (sealed["state"], sealed["sealed"], "answers" in sealed) == ("submitted", True, False)
    refused = laptop.post(f"{api}/reopen/", {}, **kind)
    assert (refused.status_code, refused.headers["Content-Type"]) == (
        409,
        "application/problem+json",
    )
    wrong = recovery.write_code(recovery.new_secret())
    for code, status in (("nonsense", 422), (wrong, 409)):
        answer = laptop.post(f"{api}/reopen/", {"recovery_code": code}, **kind)
        assert answer.status_code == status
    with settled():
        done = laptop.post(f"{api}/reopen/", {"recovery_code": made["recovery_code"]}, **kind)
    assert done.json() == {"state": "draft"}
    assert laptop.get(f"{api}/").json()["answers"]["1.01"]["answer"] == TEXT
    with settled():  # a program may choose its code, so that a lost answer loses nothing
        body = {"recovery_code": made["recovery_code"]}
        kept = laptop.post(f"{api}/submit/", body, **kind).json()
    assert kept["recovery_code"] == made["recovery_code"]
    assert laptop.post(f"{api}/withdraw/", {}, **kind).json() == {"state": "withdrawn"}


def test_the_full_receipt_is_for_who_has_the_key_and_both_forms_verify(
    submitted, laptop, other, vendor_a
):
    full = laptop.get(at("receipt_file", submitted)).content
    plain = laptop.get(at("receipt_file", submitted) + "?plain=1").content
    short = other.get(at("receipt_file", submitted)).content
    assert json.loads(full)["recovery_code"] == code_in(laptop)
    assert "recovery_code" not in json.loads(plain) | json.loads(short)
    names = [item.name for item in receipts.read(full).receipt.manifest.items]
    assert any("evidenceamber.pdf" in name for name in names)
    assert b"amber" not in short
    key = signing.read_key().verify_key
    read = [receipts.read(one) for one in (full, plain, short)]
    assert all(one.confirmed_by(key) and one.receipt.is_in_log for one in read)
    assert len({one.receipt.manifest.digest for one in read}) == 1
    page = see(laptop, "receipt", submitted)
    assert code_in(laptop) in page
    assert "evidenceamber.pdf" in page
    elsewhere = see(other, "receipt", submitted)
    assert "evidenceamber.pdf" not in elsewhere
    assert not CODE.search(elsewhere)


def test_reopening_before_the_key_is_gone_keeps_it(filled, vendor_a, settled):
    """The commit came, its key was not destroyed yet, and a colleague reopens."""
    make.submit(filled, vendor_a)
    with acting_for(vendor_a.owner) as owner:
        submitting.reopen(bid=filled, actor=owner)
        keeping.forget(filled.pk)
        assert selectors.draft_of(filled).values["1.01"] == TEXT
