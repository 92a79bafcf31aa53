"""The vendor's pages in HTTP: looking around, checking, submitting."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Bid, Submission
from apps.bids.services import answering
from apps.proof import receipts
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories.bids import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(vendor_a):
    return sign_in(vendor_a.owner)


def section(bid, code="1"):
    return reverse("bids:section", args=[bid.pk, code])


def text(answer):
    return " ".join(answer.content.decode().split())


def values(bid, vendor):
    with acting_for(vendor.owner):
        return selectors.draft_of(bid).values


def autosave(client, tender, bid, code, data, version):
    url = reverse("bids:answer", args=[bid.pk, tender.questions[code].pk])
    headers = {"If-Match": f'"{version}"', "Accept": "application/json"}
    return client.post(url, data, headers=headers)


# Looking


def test_a_vendor_with_one_bid_is_taken_to_it(client, bid_a):
    assert client.get(reverse("bids:mine")).headers["Location"] == f"/bids/{bid_a.pk}/"


def test_the_task_list_says_whose_it_is_until_when_and_that_a_draft_is_no_bid(client, bid_a):
    page = text(client.get(reverse("bids:portal", args=[bid_a.pk])))
    assert '<b class="buyer">Weir Valley Homes</b>' in page
    assert "Not submitted" in page
    assert "A draft is not a bid." in page
    assert "0 of 4 parts complete" in page
    assert "6 things are missing." in page
    assert "encrypted at rest with a key the service holds" in page


def test_a_draft_is_never_called_sealed(client, tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    for name in ("portal", "price", "about", "team"):
        page = text(client.get(reverse(f"bids:{name}", args=[bid_a.pk])))
        assert "Sealed" not in page, name


def test_a_section_shows_what_is_asked_and_says_what_is_not(client, bid_a):
    page = text(client.get(section(bid_a)))
    assert "Describe how you train new agents." in page
    hidden = '<fieldset data-asked-code="1.03" hidden disabled class="mt-10"'
    assert hidden in page, "only a script shows it, once an answer brings it"
    assert "Not asked because of the tender or of your other answers." in page
    assert '<li data-not-asked-code="1.03">1.03 Night shift</li>' in page


def test_a_question_comes_with_the_answer_that_brings_it_and_goes_with_it(
    client, tender, bid_a, vendor_a
):
    make.fill(bid_a, tender, vendor_a)
    page = text(client.get(section(bid_a)))
    assert '<fieldset data-asked-code="1.03" class="mt-10"' in page
    assert '<li data-not-asked-code="1.03" hidden>' in page
    version = 1
    said = autosave(client, tender, bid_a, "1.02", {"a-1.02": "No"}, version).json()
    assert "1.03" not in said["asked"]
    page = text(client.get(section(bid_a)))
    assert '<fieldset data-asked-code="1.03" hidden disabled class="mt-10"' in page
    assert values(bid_a, vendor_a)["1.03"], "what was answered is kept"


@pytest.mark.parametrize("code", ["9", "1x", "%2e%2e"])
def test_an_unknown_section_is_not_found(client, bid_a, code):
    assert client.get(f"/bids/{bid_a.pk}/sections/{code}/").status_code == 404


def test_the_page_about_the_rfp_gives_weights_knock_outs_and_dates(client, bid_a):
    page = text(client.get(reverse("bids:about", args=[bid_a.pk])))
    for words in ("60% quality, 40% price", "Every hour has to be staffed.", "36 months"):
        assert words in page


def test_a_vendor_reads_that_the_present_value_earns_the_points(client, bid_a):
    about = text(client.get(reverse("bids:about", args=[bid_a.pk])))
    price = text(client.get(reverse("bids:price", args=[bid_a.pk])))
    for page in (about, price):
        assert "is the present value of what the bid costs the buyer over the term of 36" in page
        assert "on the workload of this tender" in page
        assert "discounted at 5% a year (nominal) for all bids" in page
    assert "Absolute linear" in about
    assert "<b>£2,200,000.00</b>" in about
    assert "Price from which on a bid gets no points." in about


def test_a_stranger_is_sent_to_sign_in(bid_a):
    answer = Client().get(reverse("bids:portal", args=[bid_a.pk]))
    assert answer.headers["Location"].startswith("/accounts/login/?next=/bids/")


def test_the_task_list_costs_the_same_for_one_answer_and_for_all(client, tender, bid_a, vendor_a):
    url, counts = reverse("bids:portal", args=[bid_a.pk]), []
    with acting_for(vendor_a.owner):
        question = tender.questions["1.01"]
        answering.save_answer(
            bid=bid_a, question=question, raw="One.", version=0, actor=vendor_a.owner
        )
    counts.append(queries(client, url))
    make.fill(bid_a, tender, vendor_a, **{"1.01": "One."})
    counts.append(queries(client, url))
    assert counts[0] == counts[1] <= 33


# Submitting


@pytest.fixture
def complete(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    return bid_a


def test_an_incomplete_bid_is_told_what_is_missing_with_links(client, bid_a):
    page = text(client.get(reverse("bids:check", args=[bid_a.pk])))
    assert f'href="{section(bid_a)}#q1-01"' in page
    assert "Complete what is missing first." in page
    answer = client.post(reverse("bids:submit", args=[bid_a.pk]))
    assert answer.status_code == 422
    assert "Not submitted: 6 things are missing." in text(answer)


def test_the_check_page_reads_the_bid_back_and_says_what_submitting_does(client, complete):
    page = text(client.get(reverse("bids:check", args=[complete.pk])))
    for words in (
        "New agents train for six weeks.",
        "Graduated: each unit at its own tier",
        "sealed on the server in two envelopes",
        "Someone in control of the running server while you press Submit could see what passes",
        "2 of 3 key holders open the bids together.",
    ):
        assert words in page, words


def test_submitting_leads_to_the_receipt_and_a_second_click_to_the_same(client, complete, vendor_a):
    url = reverse("bids:submit", args=[complete.pk])
    for _click in range(2):
        answer = client.post(url)
        assert answer.headers["Location"] == reverse("bids:receipt", args=[complete.pk])
    with acting_for(vendor_a.owner):
        submission = Submission.objects.get()
    page = text(client.get(answer.headers["Location"]))
    assert "Your bid has been received" in page
    assert submission.manifest_digest[:32] in page
    assert "<svg" in page
    file = client.get(reverse("bids:receipt_file_of", args=[complete.pk, submission.pk]))
    assert client.get(reverse("bids:receipt_file", args=[complete.pk])).content == file.content
    assert receipts.read(file.content).receipt.manifest.digest == submission.manifest_digest
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")


def test_a_respondent_sees_why_the_button_is_not_theirs(complete, vendor_a):
    client = sign_in(vendor_a.respondent)
    page = text(client.get(reverse("bids:check", args=[complete.pk])))
    assert "The owner of your organisation's account submits." in page
    assert client.post(reverse("bids:submit", args=[complete.pk])).status_code == 403


def test_a_submitted_bid_is_shown_and_not_offered_for_change(client, complete, vendor_a):
    make.submit(complete, vendor_a)
    page = text(client.get(section(complete)))
    assert "<textarea" not in page
    assert "New agents train for six weeks." in page
    refused = client.post(section(complete), {"v-1.01": "1", "a-1.01": "Later."})
    assert refused.status_code == 409


def test_reopening_says_what_it_means_and_makes_the_bid_not_submitted(client, complete, vendor_a):
    make.submit(complete, vendor_a)
    page = text(client.get(reverse("bids:change", args=[complete.pk])))
    assert "If you do not, you have no bid." in page
    client.post(reverse("bids:reopen", args=[complete.pk]))
    with acting_for(vendor_a.owner):
        assert Bid.objects.get().state == "draft"
    assert "Not submitted" in text(client.get(reverse("bids:portal", args=[complete.pk])))
    old = text(client.get(reverse("bids:receipt", args=[complete.pk])))
    assert "It does not count." in old


def test_withdrawing_on_the_page_takes_the_bid_back(client, complete, vendor_a):
    make.submit(complete, vendor_a)
    client.post(reverse("bids:withdraw", args=[complete.pk]))
    page = text(client.get(reverse("bids:portal", args=[complete.pk])))
    assert "A withdrawn bid is not opened." in page
    assert "Withdrawn" in page


def test_each_submission_keeps_its_own_receipt(client, complete, vendor_a, vendor_b):
    first = make.submit(complete, vendor_a)
    client.post(reverse("bids:reopen", args=[complete.pk]))
    second = make.submit(complete, vendor_a)
    for one in (first, second):
        url = reverse("bids:receipt_of", args=[complete.pk, one.pk])
        assert one.manifest_digest[:32] in text(client.get(url))
        assert sign_in(vendor_b.owner).get(url).status_code == 404


def test_a_receipt_before_submitting_is_not_found(client, complete):
    for name in ("receipt", "receipt_file"):
        assert client.get(reverse(f"bids:{name}", args=[complete.pk])).status_code == 404


def test_after_the_deadline_the_pages_say_so_and_offer_nothing(client, complete, set_clock):
    set_clock(complete.round.closes_at + dt.timedelta(seconds=1))
    page = text(client.get(reverse("bids:portal", args=[complete.pk])))
    assert "This bid cannot be submitted any more." in page
    assert "<textarea" not in text(client.get(section(complete)))


def test_the_receipt_page_says_when_its_key_is_missing(client, complete, vendor_a, settings):
    make.submit(complete, vendor_a)
    settings.SIGNING_DIR = "/nonexistent"
    answer = client.get(
        reverse("bids:receipt_file", args=[complete.pk]), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 409
    assert "its signing key is not set up" in json.loads(answer.content)["detail"]
