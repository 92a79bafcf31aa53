"""What a bid is subject to: rows of the draft, sealed with it, read by the panel, left out of exports."""

import pytest
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Assumption
from apps.bids.services import assuming, exporting
from apps.bids.types.assumptions import parse
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.core.quarantine.reading import read_workbook
from apps.proof import receipts
from apps.rfp.states import EnvelopeKind
from apps.workspace.states import Phase
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories.bids import queries

pytestmark = pytest.mark.django_db
ASSUMED = {
    "kind": "assumption",
    "place": "Question 1.03",
    "wording": "Night calls stay under thirty an hour.",
    "amount": "1200.50",
    "unit": "month",
}
CHANGED = {
    "kind": "deviation",
    "place": "Clause 14.2",
    "wording": "Liability is capped at the fees of twelve months.",
    "reason": "Our insurer covers no more.",
    "is_confidential": "on",
    "confidential": "Names our insurer's terms.",
}
EFFECT = "1,200.50 GBP a month"
EFFECT_WORDS = f"+{EFFECT}"


@pytest.fixture
def add(bid_a, vendor_a):
    def act(**changes):
        with acting_for(vendor_a.owner) as owner:
            return assuming.add(bid=bid_a, raw={**ASSUMED, **changes}, actor=owner)

    return act


@pytest.fixture
def submitted(tender, bid_a, vendor_a):
    """A bid that is subject to two rows and marks one answer, submitted."""
    make.fill(bid_a, tender, vendor_a, mark="amber")
    with acting_for(vendor_a.owner) as owner:
        for raw in (ASSUMED, CHANGED):
            assuming.add(bid=bid_a, raw=raw, actor=owner)
        for code in ("1.01", "2.01"):
            question = tender.questions[code]
            assuming.mark(bid=bid_a, question=question, reason="Trade secret.", actor=owner)
    make.submit(bid_a, vendor_a)
    return bid_a


# The draft


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"kind": ""}, "kind", "Choose what this is"),
        ({"place": " "}, "place", "Name the clause or the question"),
        ({"wording": ""}, "wording", "Write the wording"),
        ({"wording": "x" * 4001}, "wording", "Shorten this to 4000 characters."),
        ({"kind": "deviation"}, "reason", "Give the reason for the change."),
        ({"unit": ""}, "unit", "Say what the amount is measured in."),
        ({"amount": "twelve"}, "amount", "Write a number with digits only"),
        ({"amount": "1,250"}, "amount", "can be read in two ways"),
        ({"amount": "0"}, "amount", "An effect of nothing is none."),
        ({"amount": "101", "unit": "percent"}, "amount", "Give a number of 100 or less."),
        ({"is_confidential": "on"}, "confidential", "Say why this is confidential"),
    ],
)
def test_a_row_that_says_too_little_is_refused_beside_its_field(changes, field, says):
    with pytest.raises(Incomplete) as refused:
        parse({**ASSUMED, **changes})
    assert says in refused.value.fields[field]


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("1200.50", "month", EFFECT_WORDS),
        ("-3", "percent", "\N{MINUS SIGN}3% of the price"),
        ("+0.05", "minute", "+0.05 GBP for one minute"),
        ("\N{MINUS SIGN}26000", "once", "\N{MINUS SIGN}26,000 GBP once"),
    ],
)
def test_an_effect_reads_with_its_sign_and_its_unit(amount, unit, words):
    row = parse({**ASSUMED, "amount": amount, "unit": unit})
    assert row.effect.words("GBP") == words


def test_a_row_is_changed_on_the_version_it_was_written_on(add, vendor_a):
    row = add()
    with acting_for(vendor_a.owner) as owner:
        raw = {**ASSUMED, "wording": "Under forty an hour."}
        assert assuming.change(assumption=row, raw=raw, version=1, actor=owner).version == 2
        with pytest.raises(Conflict, match="changed this row while you were writing"):
            assuming.change(
                assumption=row, raw={**ASSUMED, "wording": "Mine."}, version=1, actor=owner
            )
        assert assuming.change(assumption=row, raw=raw, version=1, actor=owner).version == 2


def test_nothing_changes_once_the_bid_is_submitted(submitted, tender, vendor_a):
    with acting_for(vendor_a.owner) as owner:
        row = Assumption.objects.select_related("bid").first()
        question = tender.questions["1.01"]
        for act in (
            lambda: assuming.add(bid=submitted, raw=ASSUMED, actor=owner),
            lambda: assuming.change(assumption=row, raw=ASSUMED, version=1, actor=owner),
            lambda: assuming.remove(assumption=row, actor=owner),
            lambda: assuming.mark(bid=submitted, question=question, reason="x", actor=owner),
            lambda: assuming.unmark(bid=submitted, question=question, actor=owner),
        ):
            with pytest.raises(WrongState, match="submitted"):
                act()


def test_the_page_works_without_a_script(bid_a, vendor_a):
    client = sign_in(vendor_a.owner)
    wrong = client.post(reverse("bids:add_assumption", args=[bid_a.pk]), {**CHANGED, "reason": ""})
    assert wrong.status_code == 422
    assert "Give the reason for the change." in wrong.content.decode()
    assert client.post(reverse("bids:add_assumption", args=[bid_a.pk]), CHANGED).status_code == 302
    page = client.get(reverse("bids:assumptions", args=[bid_a.pk])).content.decode()
    assert "Our insurer covers no more." in page
    with acting_for(vendor_a.owner):
        row = Assumption.objects.get()
    url = reverse("bids:assumption", args=[bid_a.pk, row.pk])
    raced = client.post(url, {**CHANGED, "wording": "Mine.", "version": "7"})
    assert raced.status_code == 412
    assert "> Mine.</textarea>" in " ".join(raced.content.decode().split())
    assert client.post(url, {**CHANGED, "wording": "Mine.", "version": "1"}).status_code == 302
    client.post(reverse("bids:remove_assumption", args=[bid_a.pk, row.pk]))
    with acting_for(vendor_a.owner):
        assert Assumption.objects.count() == 0


def test_an_answer_is_marked_and_unmarked_without_a_script(tender, bid_a, vendor_a):
    client, question = sign_in(vendor_a.owner), tender.questions["1.01"]
    url = reverse("bids:mark_confidential", args=[bid_a.pk])
    assert client.post(url, {"question": question.pk, "reason": ""}).status_code == 422
    assert client.post(url, {"question": "x", "reason": "y"}).status_code == 422
    client.post(url, {"question": question.pk, "reason": "Trade secret."})
    with acting_for(vendor_a.owner):
        assert selectors.reservations_of(bid_a).marks == {"1.01": "Trade secret."}
    client.post(reverse("bids:unmark_confidential", args=[bid_a.pk, question.pk]))
    with acting_for(vendor_a.owner):
        assert selectors.reservations_of(bid_a).marks == {}


def test_the_list_costs_the_same_for_one_row_and_for_three(add, bid_a, vendor_a):
    client, url = sign_in(vendor_a.owner), reverse("bids:assumptions", args=[bid_a.pk])
    add()
    one = queries(client, url)
    add(wording="Second.")
    add(wording="Third.")
    assert queries(client, url) == one


# Sealed, received, opened


def test_the_read_back_shows_what_the_buyer_will_get(submitted, vendor_a):
    url = reverse("bids:check", args=[submitted.pk])
    page = " ".join(sign_in(vendor_a.owner).get(url).content.decode().split())
    for words in (
        "What the bid is subject to",
        "Night calls stay under thirty an hour.",
        EFFECT_WORDS,
        "Our insurer covers no more.",
        "Trade secret.",
    ):
        assert words in page


def test_a_row_changes_the_digest_of_what_was_received(tender, bid_a, vendor_a):
    """The manifest names each package by its SHA-256: size and digest hold the rows."""
    make.fill(bid_a, tender, vendor_a)
    first = make.submit(bid_a, vendor_a)
    client = sign_in(vendor_a.owner)
    client.post(reverse("bids:reopen", args=[bid_a.pk]))
    with acting_for(vendor_a.owner) as owner:
        bid_a.refresh_from_db()
        assuming.add(bid=bid_a, raw=ASSUMED, actor=owner)
    second = make.submit(bid_a, vendor_a)
    with acting_for(vendor_a.owner):
        assert size_of(second) > size_of(first)
    raw = client.get(reverse("bids:receipt_file", args=[bid_a.pk])).content
    assert receipts.read(raw).receipt.manifest.digest == second.manifest_digest


def size_of(submission):
    items = selectors.manifest_of(submission)["items"]
    return next(one["size"] for one in items if one["name"] == "technical.json")


@pytest.fixture
def opened(buyer, tender, submitted, after_grace):
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    return submitted


def page_of(buyer, bid, role):
    url = reverse("bids:opened_bid", args=[buyer.procurement.pk, bid.pk])
    return " ".join(sign_in(getattr(buyer, role)).get(url).content.decode().split())


def test_the_panel_reads_the_wording_and_no_effect_before_prices_are_open(buyer, opened):
    for role in ("lead", "evaluator", "moderator"):
        page = page_of(buyer, opened, role)
        assert "Night calls stay under thirty an hour." in page
        assert "Our insurer covers no more." in page
        assert "Trade secret." in page
        assert EFFECT not in page, role


def test_effects_stand_beside_the_rows_once_prices_are_open(buyer, tender, opened):
    with acting_for(buyer.lead):
        procurement = buyer.procurement
        type(procurement).objects.filter(pk=procurement.pk).update(phase=Phase.COMMERCIAL)
    open_as(buyer, tender, EnvelopeKind.COMMERCIAL)
    assert EFFECT in page_of(buyer, opened, "lead")
    assert EFFECT not in page_of(buyer, opened, "opener"), "an opener reads no prices"


def test_an_export_leaves_out_what_is_confidential(buyer, tender, opened):
    with acting_for(buyer.lead) as lead:
        _name, content = exporting.answers_workbook(rfp=make.read(tender), actor=lead)
    cells = [cell.text for sheet in read_workbook(content).sheets for cell in sheet.cells.values()]
    everything = "\n".join(cells)
    assert "six weeks. amber" not in everything
    assert "evidenceamber.pdf\n" not in everything.replace("evidenceamber.pdf", "", 1)
    assert everything.count("Left out: the vendor marked this as confidential.") == 2
    assert "Identity" in everything, "other answers are there"


def test_what_is_confidential_is_filtered_by_one_function(buyer, tender, opened):
    with acting_for(buyer.lead) as lead:
        rfp = make.read(tender)
        given = selectors.opened_answers(lead, rfp)[opened.pk]
        held = selectors.reservations_visible_to(lead, rfp)[opened.pk]
        left = selectors.shareable(given, held.marks)
        assert set(given) - set(left) == {"1.01", "2.01"} & set(given)
        assert [row.place for row in selectors.shareable_rows(held)] == ["Question 1.03"]


# Whom the price is not shown


def test_who_does_not_see_the_price_sees_and_changes_no_effect_on_it(bid_a, add, vendor_a):
    row = add()
    client = sign_in(vendor_a.respondent)
    pages = [reverse("bids:assumptions", args=[bid_a.pk])]
    pages += [reverse("bids:assumption", args=[bid_a.pk, row.pk])]
    for url in pages:
        shown = client.get(url).content.decode()
        assert ASSUMED["wording"] in shown
        assert "1,200.50" not in shown
        assert "1200.5" not in shown
    with acting_for(vendor_a.respondent) as respondent:
        raw = {**ASSUMED, "wording": "Night calls stay under forty an hour.", "amount": ""}
        assuming.change(assumption=row, raw=raw, version=1, actor=respondent)
        with pytest.raises(Incomplete, match="those to write who see the price"):
            assuming.add(bid=bid_a, raw=ASSUMED, actor=respondent)
    with acting_for(vendor_a.owner):
        held = selectors.reservations_of(bid_a).rows[0].row
    assert held.wording == "Night calls stay under forty an hour."
    assert held.effect.words("GBP") == EFFECT_WORDS
