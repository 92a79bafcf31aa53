"""Sign-offs of a vendor's own: asked for, given on what was read, void after a change."""

import pytest
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import (
    Attachment,
)
from apps.bids.services import answering, assuming, sheets, signing_off
from apps.bids.states import SignOffPart
from apps.core.errors import Conflict, Incomplete
from apps.workspace.states import MemberRole
from tests.apps.bids.test_team import CANARY, duties, save, sign
from tests.conftest import acting_for, add_member, make_user, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a, **{"3.01": f"Volumes as in the RFP. {CANARY}"})
    with acting_for(vendor_a.owner) as owner:
        answering.attach(
            bid=bid_a,
            question=tender.questions["3.01"],
            name=f"{CANARY}.pdf",
            content=make.PDF + b"\n% prices",
            actor=owner,
        )
    return bid_a


@pytest.fixture
def third(vendor_a):
    return add_member(vendor_a.organisation, make_user("Third Person"), MemberRole.RESPONDENT)


def test_without_a_sign_off_that_is_asked_for_nothing_is_submitted(filled, vendor_a):
    duties(filled, vendor_a.owner, quality=[vendor_a.respondent], price=[vendor_a.owner])
    with pytest.raises(Incomplete) as refused:
        make.submit(filled, vendor_a)
    assert refused.value.sentence == (
        "Not submitted: a sign-off is missing. Legal: the quality response, Velora Connect"
        " Respondent; Pricing: the price response, Velora Connect Owner."
    )
    sign(filled, vendor_a.respondent, "quality")
    sign(filled, vendor_a.owner, "price")
    assert make.submit(filled, vendor_a).number == 1


@pytest.mark.parametrize(
    ("code", "voids"),
    [("1.01", {"quality": True, "price": False}), ("3.01", {"quality": False, "price": True})],
)
def test_a_change_voids_the_sign_off_of_its_part_and_no_other(
    code, voids, filled, tender, vendor_a
):
    owner = vendor_a.owner
    duties(filled, owner, quality=[owner], price=[owner])
    for part in voids:
        sign(filled, owner, part)
    save(filled, tender, owner, code, "Another text.", 1)
    with acting_for(owner):
        lines = {one.part: one.voided for one in selectors.sign_offs_of(filled)}
    assert lines == voids
    with pytest.raises(Incomplete, match="a sign-off is missing"):
        make.submit(filled, vendor_a)


def test_a_price_saved_again_and_a_file_taken_out_void_what_was_signed(filled, vendor_a):
    owner = vendor_a.owner
    with acting_for(owner):
        before = [selectors.fingerprint_of(filled, part) for part in SignOffPart]
        sheets.save_price(
            bid=filled, raw={**make.SHEET, "promised_fte": "11"}, version=1, actor=owner
        )
        file = Attachment.objects.filter(question__code="2.01").get()
        answering.remove_attachment(attachment=file, actor=owner)
        after = [selectors.fingerprint_of(filled, part) for part in SignOffPart]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, False]


def test_a_new_subject_to_voids_both_sign_offs(filled, vendor_a):
    owner = vendor_a.owner
    raw = {"kind": "assumption", "place": "Clause 9", "wording": "Sites stay open on Sundays."}
    with acting_for(owner):
        before = [selectors.fingerprint_of(filled, part) for part in SignOffPart]
        assuming.add(bid=filled, raw=raw, actor=owner)
        after = [selectors.fingerprint_of(filled, part) for part in SignOffPart]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, False]


def test_a_mark_as_confidential_voids_the_sign_off_of_its_part(filled, tender, vendor_a):
    owner, question = vendor_a.owner, tender.questions["1.01"]
    with acting_for(owner):
        states = [[selectors.fingerprint_of(filled, part) for part in SignOffPart]]
        for reason in ("Names a client.", "Names a client and its volumes."):
            assuming.mark(bid=filled, question=question, reason=reason, actor=owner)
            states.append([selectors.fingerprint_of(filled, part) for part in SignOffPart])
        assuming.unmark(bid=filled, question=question, actor=owner)
        assert [selectors.fingerprint_of(filled, part) for part in SignOffPart] == states[0]
    quality, price = ({one[place] for one in states} for place in (0, 1))
    assert (len(quality), len(price)) == (3, 1)


def test_what_was_not_read_is_not_signed(filled, tender, vendor_a):
    owner = vendor_a.owner
    duties(filled, owner, quality=[owner])
    with acting_for(owner):
        seen = selectors.fingerprint_of(filled, SignOffPart.QUALITY)
    save(filled, tender, vendor_a.respondent, "1.01", "A colleague's text.", 1)
    with acting_for(owner), pytest.raises(Conflict, match="changed while you were reading"):
        signing_off.sign_off(bid=filled, part=SignOffPart.QUALITY, fingerprint=seen, actor=owner)


def test_only_who_was_asked_signs_and_on_the_page(filled, vendor_a, third):
    duties(filled, vendor_a.owner, quality=[vendor_a.respondent])
    check, url = (reverse(f"bids:{name}", args=[filled.pk]) for name in ("check", "sign_off"))
    with acting_for(vendor_a.owner):
        seen = selectors.fingerprint_of(filled, SignOffPart.QUALITY)
    given = {"part": "quality", "fingerprint": seen}
    for person in (third, vendor_a.owner):
        assert sign_in(person).post(url, given).status_code == 403
        assert "Sign it off as it stands" not in sign_in(person).get(check).content.decode()
    signer = sign_in(vendor_a.respondent)
    assert f'value="{seen}"' in signer.get(check).content.decode()
    assert signer.post(url, given).status_code == 302
    assert "Signed off" in signer.get(check).content.decode()


def test_a_fingerprint_tells_nothing_of_what_was_written(filled, tender, vendor_a, vendor_b, bid_b):
    """The same answers of two vendors have different fingerprints: nothing to guess a price by."""
    make.fill(bid_b, tender, vendor_b)
    with acting_for(vendor_a.owner):
        one = selectors.fingerprint_of(filled, SignOffPart.PRICE)
    with acting_for(vendor_b.owner):
        assert selectors.fingerprint_of(bid_b, SignOffPart.PRICE) != one
