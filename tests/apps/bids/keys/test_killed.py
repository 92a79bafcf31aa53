"""A process that dies between the commit and what follows it: no key is left, and none is lost."""

import pytest
from django.urls import reverse

from apps.bids import adapters, selectors
from apps.bids.models import Bid, Evidence
from apps.bids.services import evidence, keeping, submitting
from apps.bids.states import BidState
from apps.core import clock, jobs, keystore
from apps.core.models import Job
from apps.core.tasks import load_handlers
from cceval import fsck
from tests.apps.bids.keys.conftest import code_in
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


def faults():
    return [one.sentence for one in fsck.broken() if one.invariant == "I3"]


def test_what_a_killed_process_did_not_destroy_the_promised_job_does(filled, vendor_a, set_clock):
    make.submit(filled, vendor_a)  # committed, and nothing after it happened
    assert keystore.exists(adapters.draft_key(filled.pk))
    assert faults() == [
        f"the key of {Bid(pk=filled.pk, state='submitted')}, offer 1, is in the keystore"
    ]
    load_handlers()
    with acting_for(vendor_a.owner):
        promised = Job.objects.get(kind=keeping.FORGET)
    set_clock(clock.now() + jobs.MAKES_UP_AFTER)
    assert jobs.run(promised.pk) == "done"
    assert not keystore.exists(adapters.draft_key(filled.pk))
    assert faults() == []


def test_a_draft_whose_key_did_not_come_back_takes_the_code_and_has_it_again(
    submitted, laptop, vendor_a
):
    laptop.post(reverse("bids:reopen", args=[submitted.pk]))  # committed, the key not yet put back
    with acting_for(vendor_a.owner):
        assert Bid.objects.get().state == BidState.DRAFT
    url = reverse("bids:portal", args=[submitted.pk])
    colleague = sign_in(vendor_a.respondent).get(url)
    assert colleague.status_code == 409
    assert "This draft cannot be read" in colleague.content.decode()
    page = laptop.get(url).content.decode()
    assert "Continue with the key of this browser" in page
    laptop.post(reverse("bids:unlock", args=[submitted.pk]))
    assert keystore.exists(adapters.draft_key(submitted.pk))
    with acting_for(vendor_a.respondent):
        assert selectors.draft_of(submitted).values


def test_a_job_that_comes_late_destroys_no_key_of_a_reopened_bid(
    submitted, laptop, vendor_a, settled
):
    with settled():
        laptop.post(reverse("bids:reopen", args=[submitted.pk]))
    with acting_for(vendor_a.owner):
        keeping.forget(submitted.pk)
        assert selectors.draft_of(submitted).values


def test_a_refused_submission_leaves_the_key_where_it_is(tender, bid_a, vendor_a, laptop, settled):
    laptop.get(reverse("bids:check", args=[bid_a.pk]))
    with settled():
        assert laptop.post(reverse("bids:submit", args=[bid_a.pk])).status_code == 422
    assert keystore.exists(adapters.draft_key(bid_a.pk))
    assert code_in(laptop)


def test_a_withdrawn_bid_is_submitted_again_by_the_browser_that_has_the_key(
    submitted, laptop, vendor_a, settled
):
    laptop.post(reverse("bids:withdraw", args=[submitted.pk]))
    with settled():
        laptop.post(reverse("bids:submit", args=[submitted.pk]))
    with acting_for(vendor_a.owner) as owner:
        assert Bid.objects.get().state == BidState.SUBMITTED
        assert submitting.receipt(submission=submitted.submissions.get(number=2), actor=owner)
    assert faults() == []


def test_the_key_of_a_file_that_left_the_store_is_destroyed_by_the_promised_job(
    filled, vendor_a, set_clock
):
    with acting_for(vendor_a.owner):
        names = [adapters.evidence_key(one.pk) for one in Evidence.objects.all()]
    assert len(names) == 1  # the same file for two answers
    make.submit(filled, vendor_a)  # committed, and nothing after it happened
    assert [keystore.exists(name) for name in names] == [True]
    load_handlers()
    with acting_for(vendor_a.owner):
        promised = Job.objects.get(kind=evidence.FORGET)
        assert not Evidence.objects.exists()
    set_clock(clock.now() + jobs.MAKES_UP_AFTER)
    assert jobs.run(promised.pk) == "done"
    assert [keystore.exists(name) for name in names] == [False]
