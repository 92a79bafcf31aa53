"""The vendor's pages in HTTP: without a script, and as the script calls them."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
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


# Saving without a script


FILLED = {
    "v-1.01": "0",
    "a-1.01": "New agents train for six weeks.",
    "v-1.02": "0",
    "a-1.02": "Yes",
    "v-1.04": "0",
    "a-1.04": ["Identity", "Right to work"],
    "v-1.05": "0",
    "a-1.05-0-0": "",
    "a-1.05-0-1": "",
    "a-1.05-1-0": "2025",
    "a-1.05-1-1": "1200000",
}


def test_a_section_is_saved_as_one_form(client, bid_a, vendor_a):
    answer = client.post(section(bid_a), FILLED)
    assert answer.headers["Location"] == f"{section(bid_a)}?saved=1"
    assert values(bid_a, vendor_a) == {
        "1.01": "New agents train for six weeks.",
        "1.02": "Yes",
        "1.04": ["Identity", "Right to work"],
        "1.05": [{"Year": "2025", "Revenue": "1200000"}],
    }
    page = text(client.get(section(bid_a)))
    assert "How many agents work at night?" in page
    assert 'value="1200000"' in page


def test_saving_again_without_a_change_makes_no_version(client, tender, bid_a, vendor_a):
    for _again in range(2):
        client.post(section(bid_a), FILLED)
    with acting_for(vendor_a.owner):
        assert len(selectors.history_of(bid_a, tender.questions["1.01"])) == 1


def test_a_wrong_answer_stands_beside_its_question_as_it_was_typed_and_the_rest_is_saved(
    client, bid_a, vendor_a
):
    answer = client.post(section(bid_a), {**FILLED, "a-1.05-1-1": "1.2 million"})
    page = text(answer)
    assert answer.status_code == 200
    assert "<title>Error: Company" in page
    assert 'href="#q1-05"' in page
    assert "Row 1, Revenue: Write a number with digits only" in page
    assert 'value="1.2 million"' in page
    assert sorted(values(bid_a, vendor_a)) == ["1.01", "1.02", "1.04"]


def test_when_nothing_could_be_saved_the_answer_is_422(client, bid_a, vendor_a):
    answer = client.post(section(bid_a), {"v-1.01": "0", "a-1.01": "word " * 41})
    assert answer.status_code == 422
    assert "Shorten the answer to 40 words; it has 41." in text(answer)
    assert values(bid_a, vendor_a) == {}


def test_two_colleagues_without_a_script_see_both_texts(client, bid_a, vendor_a):
    client.post(section(bid_a), {"v-1.01": "0", "a-1.01": "First."})
    colleague = sign_in(vendor_a.respondent)
    colleague.post(section(bid_a), {"v-1.01": "1", "a-1.01": "By the colleague."})
    late = client.post(section(bid_a), {"v-1.01": "1", "a-1.01": "Mine."})
    page = text(late)
    assert "changed this answer while you were writing" in page
    assert "By the colleague." in page
    assert "> Mine.</textarea>" in page
    assert 'name="v-1.01" value="2"' in page
    client.post(section(bid_a), {"v-1.01": "2", "a-1.01": "Mine."})
    assert values(bid_a, vendor_a) == {"1.01": "Mine."}


def test_what_people_type_is_never_read_as_markup(client, bid_a):
    client.post(section(bid_a), {"v-1.01": "0", "a-1.01": "<script>alert(1)</script>"})
    page = client.get(section(bid_a)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_broken_version_field_counts_as_none(client, bid_a, vendor_a):
    for version in ("", "x", "-1", "9" * 40, "٣"):
        answer = client.post(section(bid_a), {"v-1.01": version, "a-1.01": "First."})
        assert answer.status_code == 302, version
    assert values(bid_a, vendor_a) == {"1.01": "First."}


# Saving by the script


def autosave(client, tender, bid, code, data, version):
    url = reverse("bids:answer", args=[bid.pk, tender.questions[code].pk])
    headers = {"If-Match": f'"{version}"', "Accept": "application/json"}
    return client.post(url, data, headers=headers)


def test_the_script_saves_one_answer_by_version(client, tender, bid_a, vendor_a):
    first = autosave(client, tender, bid_a, "1.01", {"a-1.01": "First."}, 0)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert autosave(client, tender, bid_a, "1.01", {"a-1.01": "Second."}, 1).json()["version"] == 2
    assert values(bid_a, vendor_a) == {"1.01": "Second."}


def test_the_script_is_told_who_was_faster(client, tender, bid_a):
    autosave(client, tender, bid_a, "1.01", {"a-1.01": "First."}, 0)
    conflict = autosave(client, tender, bid_a, "1.01", {"a-1.01": "Mine."}, 0)
    assert conflict.status_code == 412
    body = conflict.json()
    assert conflict.headers["Content-Type"] == "application/problem+json"
    assert (body["current"]["version"], body["current"]["shown"]) == (1, "First.")


def test_the_script_is_told_what_is_wrong(client, tender, bid_a, vendor_a):
    wrong = autosave(client, tender, bid_a, "1.02", {"a-1.02": "Perhaps"}, 0)
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "Choose one of: Yes, No.")
    assert values(bid_a, vendor_a) == {}


def test_the_script_is_told_when_an_answer_changes_what_is_asked(client, tender, bid_a):
    answer = autosave(client, tender, bid_a, "1.02", {"a-1.02": "Yes"}, 0)
    assert answer.json()["asked"] == ["1.01", "1.02", "1.03", "1.04", "1.05"]
    assert "asked" not in autosave(client, tender, bid_a, "1.01", {"a-1.01": "A."}, 0).json()


def test_a_question_of_another_rfp_is_not_found(client, bid_a, other_buyer):
    other = make.tender(other_buyer)
    url = reverse("bids:answer", args=[bid_a.pk, other.questions["1.01"].pk])
    assert client.post(url, {"a-1.01": "x"}).status_code == 404


def test_an_earlier_version_is_restored_from_the_history(client, tender, bid_a, vendor_a):
    for version, words in enumerate(("First.", "Second.")):
        autosave(client, tender, bid_a, "1.01", {"a-1.01": words}, version)
    question = tender.questions["1.01"].pk
    page = text(client.get(reverse("bids:history", args=[bid_a.pk, question])))
    assert page.index("Second.") < page.index("First.")
    url = reverse("bids:restore", args=[bid_a.pk, question])
    assert client.post(url, {"version": "1"}).headers["Location"].endswith("#q1-01")
    assert values(bid_a, vendor_a) == {"1.01": "First."}
    assert client.post(url, {"version": "77"}).status_code == 409


# Evidence


def upload(client, tender, bid, code, file):
    url = reverse("bids:attach", args=[bid.pk, tender.questions[code].pk])
    return client.post(url, {"file": file} if file else {})


def test_a_file_is_attached_downloaded_and_removed(client, tender, bid_a, vendor_a):
    file = SimpleUploadedFile("certificate.pdf", make.PDF)
    assert upload(client, tender, bid_a, "2.01", file).headers["Location"].endswith("#q2-01")
    with acting_for(vendor_a.owner):
        held = bid_a.attachments.get()
    url = reverse("bids:file", args=[bid_a.pk, held.pk])
    back = client.get(url)
    assert back.content == make.PDF
    assert back.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert back.headers["Content-Type"] == "application/octet-stream"
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert client.post(reverse("bids:remove", args=[bid_a.pk, held.pk])).status_code == 302
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose a file first."),
        (SimpleUploadedFile("plan.pdf", b""), "The file is empty. Choose another one."),
        (SimpleUploadedFile("plan.pdf", b"MZ"), "The file is not what its name says."),
        (SimpleUploadedFile("plan.svg", b"<svg/>"), "Files of this kind are not taken."),
        (SimpleUploadedFile("plan.docx", b"PK\x03\x04"), "Attach one of these kinds of file: pdf"),
    ],
)
def test_a_refused_file_has_its_sentence_beside_the_question(
    client, tender, bid_a, vendor_a, file, sentence
):
    answer = upload(client, tender, bid_a, "2.01", file)
    assert answer.status_code == 422
    assert sentence in text(answer)
    with acting_for(vendor_a.owner):
        assert bid_a.attachments.count() == 0


def test_a_file_over_the_limit_is_refused_while_it_arrives(client, tender, bid_a, settings):
    settings.UPLOAD_LIMIT = 2**20
    file = SimpleUploadedFile("plan.pdf", b"%PDF-" + bytes(2**20))
    answer = upload(client, tender, bid_a, "2.01", file)
    assert answer.status_code == 413
    assert "larger than 1 MB" in text(answer)


# The price sheet


PRICE = {
    "model": "per_minute",
    "version": "0",
    "rates.increment_s": "0",
    "rates.tiering": "graduated",
    "rates.tiers[0].up_to": "20000",
    "rates.tiers[0].rate": "0.91",
    "rates.tiers[2].rate": "0.83",
    "shrinkage.base": "additive",
    "shrinkage.parts[0].name": "Leave",
    "shrinkage.parts[0].share": "12",
    "promised_fte": "9.5",
    "attrition_per_year": "25",
    "one_offs[0].name": "Transition",
    "one_offs[0].amount": "26000",
    "one_offs[0].month": "1",
}


def test_the_price_form_builds_itself_from_the_models_fields(client, bid_a):
    url = reverse("bids:price", args=[bid_a.pk])
    empty = text(client.get(url))
    assert "Per minute" in empty
    assert "rates.increment_s" not in empty
    shown = text(client.get(url, {"model": "per_fte"}))
    assert 'name="rates.billable_hour"' in shown
    assert 'name="aht_s.voice-en"' in shown
    assert "rates." not in text(client.get(url, {"model": "managed_service"}))


def test_a_price_is_typed_in_percent_saved_and_shown_back(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    assert client.post(url, PRICE).headers["Location"] == f"{url}?saved=1"
    with acting_for(vendor_a.owner):
        assert selectors.price_of(bid_a).sheet == make.SHEET
    page = text(client.get(url))
    assert "£732,778.64" in page
    assert 'name="shrinkage.parts[0].share" value="12"' in page
    assert 'name="rates.tiers[1].rate" value="0.83"' in page


def test_every_figure_that_cannot_be_read_is_named_and_kept_as_typed(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    wrong = {**PRICE, "rates.tiers[0].rate": "cheap", "shrinkage.parts[0].share": "120"}
    answer = client.post(url, wrong)
    page = text(answer)
    assert answer.status_code == 422
    assert 'href="#p-rates-tiers-0-rate"' in page
    assert 'href="#p-shrinkage-parts-0-share"' in page
    assert 'value="cheap"' in page
    assert 'value="120"' in page
    assert "Give a percentage from 0 to 99.99, digits only." in page
    with acting_for(vendor_a.owner):
        assert selectors.price_of(bid_a) is None


def test_what_the_engine_refuses_stands_at_its_place(client, bid_a):
    url = reverse("bids:price", args=[bid_a.pk])
    answer = client.post(url, {**PRICE, "rates.tiering": ""})
    assert answer.status_code == 422
    assert 'href="#p-rates-tiering"' in text(answer)


def test_the_parts_of_a_hybrid_offer_show_their_own_fields_before_saving(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    parts = {
        "model": "hybrid",
        "version": "0",
        "rates.parts[0].model": "per_minute",
        "rates.parts[0].share": "60",
        "rates.parts[1].model": "per_fte",
        "rates.parts[1].share": "40",
        "shrinkage.base": "additive",
        "shrinkage.parts[0].name": "Leave",
        "shrinkage.parts[0].share": "12",
    }
    shown = text(client.post(url, {**parts, "show": "1"}))
    assert 'name="rates.parts[0].rates.increment_s"' in shown
    assert 'name="rates.parts[1].rates.billable_hour"' in shown
    filled = {
        **parts,
        "rates.parts[0].rates.increment_s": "0",
        "rates.parts[0].rates.tiering": "graduated",
        "rates.parts[0].rates.tiers[0].rate": "0.9",
        "rates.parts[1].rates.unit": "hour",
        "rates.parts[1].rates.billable_hour": "paid",
        "rates.parts[1].rates.rate": "20",
    }
    assert client.post(url, filled).status_code == 302
    with acting_for(vendor_a.owner):
        sheet = selectors.price_of(bid_a).sheet
    assert [part["share"] for part in sheet["rates"]["parts"]] == ["0.6", "0.4"]
    check = text(client.get(reverse("bids:check", args=[bid_a.pk])))
    assert "Part 2" in check
    assert "What a billable hour is: Paid hour" in check


def test_a_colleagues_newer_sheet_is_not_overwritten(client, bid_a, vendor_a):
    url = reverse("bids:price", args=[bid_a.pk])
    client.post(url, PRICE)
    late = client.post(url, {**PRICE, "promised_fte": "11"})
    assert late.status_code == 412
    assert 'name="version" value="1"' in text(late)
    assert 'value="11"' in text(late)


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
