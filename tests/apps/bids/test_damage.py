"""Lost keys, changed rows, changed files: a sentence that names what is wrong, never a traceback."""

import pytest
from django.urls import reverse

from apps.bids import adapters, selectors
from apps.bids.models import Answer, Bid, Envelope
from apps.bids.types.places import sealed_context
from apps.core import files, keystore
from apps.core.errors import WrongState
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories import sealing

pytestmark = pytest.mark.django_db


def test_a_draft_without_its_key_says_so_on_the_page(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    keystore.destroy(adapters.draft_key(bid_a.pk))
    answer = sign_in(vendor_a.owner).get(reverse("bids:portal", args=[bid_a.pk]))
    assert answer.status_code == 409
    assert "This draft cannot be read" in answer.content.decode()


def test_an_answer_copied_from_another_question_is_not_read(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    with acting_for(vendor_a.owner):
        foreign = Answer.objects.get(question=tender.questions["1.01"]).ciphertext
        Answer.objects.filter(question=tender.questions["1.02"]).update(ciphertext=foreign)
        with pytest.raises(WrongState, match="This draft cannot be read"):
            selectors.draft_of(bid_a)


def test_a_file_changed_in_the_storage_is_not_handed_out(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    with acting_for(vendor_a.owner):
        held = bid_a.attachments.first()
    path = files._path(held.blob)
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    answer = sign_in(vendor_a.owner).get(reverse("bids:file", args=[bid_a.pk, held.pk]))
    assert answer.status_code == 409
    assert "This file was changed in the storage." in answer.content.decode()


def test_an_opened_bid_that_was_changed_is_not_read(buyer, opened, bid_a):
    with acting_for(buyer.lead):
        one = Envelope.objects.get(bid=bid_a, kind=EnvelopeKind.TECHNICAL)
        changed = bytearray(one.opened)
        changed[-1] ^= 1
        Envelope.objects.filter(pk=one.pk).update(opened=bytes(changed))
        with pytest.raises(WrongState, match="An opened bid cannot be read"):
            selectors.opened_answers(buyer.lead, opened.rfp)


def resealed(bid, change):
    """Seal a changed envelope under the right key and context, as an intruder with the key would."""
    one = Envelope.objects.select_related("submission__bid__round__rfp").get(
        bid=bid, kind=EnvelopeKind.TECHNICAL
    )
    context = sealed_context(one.submission, one.kind)
    key = sealing.private_key(bid.round.rfp, EnvelopeKind.TECHNICAL)
    content = adapters.unseal(one.ciphertext, key=key, context=context)
    change(content)
    sealed = adapters.seal(content, public=key.public, context=context)
    Envelope.objects.filter(pk=one.pk).update(ciphertext=sealed)


@pytest.mark.parametrize(
    "forgery",
    [
        (lambda c: c["package"]["answers"].update({"1.01": "Better."}), "its content is not the"),
        (lambda c: c["manifest"].update({"version": 2}), "its manifest is not the one"),
    ],
)
def test_a_bid_changed_under_the_right_key_does_not_fit_its_digest(
    buyer, bid_a, vendor_a, tender, after_grace, forgery
):
    change, why = forgery
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    with acting_for(vendor_a.owner):
        resealed(bid_a, change)
    after_grace()
    with pytest.raises(WrongState, match=why):
        open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        assert Bid.objects.count() == 0
