"""What must not be seen: planted words searched for in every answer, every row, every file.

A buyer learns nothing about bids before the opening, not even a count; a vendor nothing of
another, ever; and no column of the database and no stored file holds an answer in the clear.
"""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import (
    Answer,
    AnswersRead,
    AnswerVersion,
    Assumption,
    Attachment,
    Bid,
    Comment,
    Confidential,
    Confirmation,
    Delegation,
    Envelope,
    EvaluatedPrice,
    Evidence,
    EvidenceUpload,
    Invitation,
    KeptKey,
    LibraryEntry,
    LibraryImport,
    OfferRequest,
    PinnedKey,
    PriceReader,
    PriceSheet,
    SectionVisit,
    SignOff,
    SignOffDuty,
    Submission,
    VendorQuestion,
)
from apps.bids.selectors.library import BidImport
from apps.bids.services import assuming, bringing, evidence, uploading
from apps.bids.types.evidence import About
from apps.core import tenancy
from apps.core.models import AuditEvent, Mail
from apps.rfp.models import OwnCost, Rfp, Workload
from apps.rfp.selectors import own_cost_of
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.addresses import PANEL, answers, buyer_urls, vendor_posts, vendor_urls
from tests.apps.bids.conftest import fresh, open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
VENDOR_MODELS = (
    Answer,
    AnswersRead,
    AnswerVersion,
    Assumption,
    Attachment,
    Bid,
    Comment,
    Confidential,
    Confirmation,
    Delegation,
    Envelope,
    EvaluatedPrice,
    KeptKey,
    OfferRequest,
    PriceReader,
    Evidence,
    EvidenceUpload,
    LibraryEntry,
    LibraryImport,
    PinnedKey,
    PriceSheet,
    SectionVisit,
    SignOff,
    SignOffDuty,
    Submission,
    VendorQuestion,
)
CANARY = "wren-61a0"
PRICE = "7.7713"


@pytest.fixture
def planted(tender, bid_a, vendor_a, monkeypatch):
    """A complete bid whose words and price occur nowhere else, submitted."""
    rates = {**make.SHEET["rates"], "tiers": [{"rate": PRICE}]}
    monkeypatch.setattr(make, "SHEET", {**make.SHEET, "rates": rates})
    make.fill(bid_a, tender, vendor_a, mark=CANARY)
    store_of(bid_a, vendor_a)
    make.submit(bid_a, vendor_a)
    return bid_a


def store_of(bid, vendor):
    """Plant the mark in everything that a vendor keeps beside its answers."""
    row = {"kind": "deviation", "place": CANARY, "wording": CANARY, "reason": CANARY}
    priced = {"amount": PRICE, "unit": "month"}
    with acting_for(vendor.owner) as owner:
        assuming.add(bid=bid, raw={**row, **priced}, actor=owner)
        question = bid.answers.first().question
        assuming.mark(bid=bid, question=question, reason=CANARY, actor=owner)
        for text in ("a", "b"):
            held = bringing.bring_text(
                bid=bid, text=f"Who {CANARY} {text}?\nWe {CANARY}.", actor=owner
            )
            subject = BidImport(bid, held)
            if text == "a":
                layout = selectors.preview_of(bid, held, None).layout
                bringing.save(subject=subject, layout=layout, actor=owner)
        evidence.keep(
            bid=bid, name=f"{CANARY}.pdf", content=make.PDF + b"kept", about=About(), actor=owner
        )
        uploading.start(
            bid=bid, name=f"{CANARY}.pdf", size=9, sha256="1" * 64, about=About(), actor=owner
        )
        PinnedKey.objects.create(
            organisation=vendor.organisation, fingerprint="2" * 64, name="x", pinned_by=owner
        )


def test_before_the_opening_no_page_tells_the_buyer_anything(buyer, planted, vendor_a):
    secrets = (CANARY, PRICE, vendor_a.respondent.name, *_digests(vendor_a))
    for role in PANEL:
        client = sign_in(getattr(buyer, role))
        for url, _status, text in answers(client, buyer_urls(buyer, planted)):
            assert [one for one in secrets if one in text] == [], (role, url)
    lead = sign_in(buyer.lead)
    for url, status, text in answers(lead, vendor_urls(planted)):
        assert status == 404, url
        assert [one for one in secrets if one in text] == [], url


def _digests(vendor):
    with acting_for(vendor.owner):
        return list(Submission.objects.values_list("manifest_digest", flat=True))


def test_a_page_is_the_same_with_a_bid_and_without(buyer, tender, vendor_a):
    """Not a count, not a hint: the bytes do not change when a bid comes in."""
    bid = make.bid_in(tender.rfp, vendor_a)
    clients = {role: sign_in(getattr(buyer, role)) for role in PANEL}
    case = buyer.procurement.pk
    urls = [
        reverse("bids:vendors", args=[case]),
        reverse("workspace:procurement", args=[case]),
        reverse("bids:readers", args=[case]),
        reverse("bids:clarifications", args=[case]),
        f"/api/v1/procurements/{case}/invitations/",
        f"/api/v1/procurements/{case}/opening/",
    ]
    looks = []
    for _look in ("warm", "before", "after"):
        if len(looks) == 2:
            make.fill(bid, tender, vendor_a, mark=CANARY)
            make.submit(bid, vendor_a)
        looks.append(
            {
                (role, url): _without_token(text)
                for role, client in clients.items()
                for url, _status, text in answers(client, urls)
            }
        )
    assert looks[1] == looks[2]


def _without_token(text):
    text = re.sub(r'csrf[-a-z]*" (content|value)="[^"]+"', "", text)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r'X-CSRFToken": "[^"]+"', "", text)


def test_before_the_opening_the_database_itself_tells_the_buyer_nothing(buyer, planted):
    """The application's filter is absent here: row-level security alone answers."""
    with acting_for(buyer.lead):
        for model in VENDOR_MODELS:
            assert model.objects.count() == 0, model
        assert AuditEvent.objects.filter(action__startswith="bid").count() == 0
        assert Mail.objects.filter(event__startswith="bids.receipt").count() == 0


def test_another_vendor_finds_nothing_at_any_address(planted, vendor_a, vendor_b, bid_b):
    client = sign_in(vendor_b.owner)
    for url, status, text in answers(client, vendor_urls(planted)):
        assert status == 404, url
        assert CANARY not in text
    for url in vendor_posts(planted):
        assert client.post(url, {}).status_code == 404, url
    assert client.put(f"/api/v1/bids/{planted.pk}/price/").status_code == 404
    with acting_for(vendor_a.owner):
        assert Submission.objects.count() == 1


def test_another_vendors_own_pages_never_name_a_rival(planted, tender, vendor_a, vendor_b, bid_b):
    make.fill(bid_b, tender, vendor_b)
    client = sign_in(vendor_b.owner)
    for url, status, text in answers(client, [*vendor_urls(bid_b), reverse("bids:mine")]):
        assert status in {200, 302, 404}, url
        for secret in (CANARY, "Velora", vendor_a.owner.email):
            assert secret not in text, url


def test_another_vendor_reads_no_row_of_it_though_no_filter_is_applied(
    planted, opened_for, vendor_a, vendor_b, bid_b
):
    with acting_for(vendor_b.owner):
        for model in VENDOR_MODELS:
            foreign = model.objects.exclude(pk__in=[bid_b.pk])
            assert foreign.count() == 0, model
        assert {one.vendor_id for one in Invitation.objects.all()} == {vendor_b.organisation.pk}


@pytest.fixture
def opened_for(buyer, tender, planted, after_grace):
    after_grace()
    return open_as(buyer, tender, EnvelopeKind.TECHNICAL)


def test_another_buyer_reads_no_row_of_it_even_after_the_opening(planted, opened_for, other_buyer):
    with acting_for(other_buyer.lead):
        for model in (*VENDOR_MODELS, Invitation, Rfp):
            assert model.objects.count() == 0, model
    client = sign_in(other_buyer.lead)
    for url in vendor_urls(planted):
        assert client.get(url).status_code == 404, url


def test_after_the_opening_the_buyer_reads_bids_and_never_a_draft(buyer, planted, opened_for):
    with acting_for(buyer.lead):
        assert (Bid.objects.count(), Envelope.objects.count()) == (1, 2)
        store = (Evidence, EvidenceUpload, LibraryEntry, LibraryImport, PinnedKey)
        for model in (Answer, AnswerVersion, Assumption, Attachment, Confidential, PriceSheet):
            assert model.objects.count() == 0, model
        for model in store:
            assert model.objects.count() == 0, model


def test_price_is_nowhere_while_its_envelope_is_sealed(buyer, planted, opened_for):
    for role in PANEL:
        client = sign_in(getattr(buyer, role))
        for url, _status, text in answers(client, buyer_urls(buyer, planted)):
            assert PRICE not in text, (role, url)
        with acting_for(getattr(buyer, role)) as person:
            rfp = Rfp.objects.select_related("procurement", "round").get()
            assert selectors.quotes_for(person, rfp) == [], role
            assert PRICE not in str(selectors.opened_answers(person, rfp)), role


def test_whose_bid_it_is_stays_hidden_from_who_judges(buyer, planted, opened_for):
    for role in ("evaluator", "moderator"):
        client = sign_in(getattr(buyer, role))
        urls = [
            reverse("bids:opening", args=[buyer.procurement.pk]),
            reverse("bids:opened_bid", args=[buyer.procurement.pk, planted.pk]),
            f"/api/v1/procurements/{buyer.procurement.pk}/opening/",
        ]
        for url, status, text in answers(client, urls):
            assert status == 200, url
            assert "Velora" not in text, url
        assert client.get(reverse("bids:vendors", args=[buyer.procurement.pk])).status_code == 403


def test_no_column_and_no_file_holds_an_answer_in_the_clear(planted, opened_for, vendor_a):
    """Every table, every column, read as text and as bytes; drafts, seals and opened bids."""
    with acting_for(vendor_a.owner):
        assert selectors.draft_of(planted).values["1.01"].endswith(CANARY)
    found = []
    with tenancy.acting_as(scope="fsck"), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            text = " ".join(row[0] for row in cursor.fetchall())
            found += [
                (table, secret)
                for secret in (CANARY, PRICE, "six weeks", "Transition")
                if secret in text or secret.encode().hex() in text
            ]
    assert found == []
    for path in Path(settings.FILES_DIR).rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes()


def test_the_search_above_would_find_what_is_stored_in_the_clear(buyer, planted):
    """The same search finds a word of the RFP, so an empty result means something."""
    with tenancy.acting_as(scope="fsck"), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM rfp_question t")
        assert "Describe how you train new agents." in cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(t::text, ' ') FROM bids_answer t")
        assert cursor.fetchone()[0]


def test_every_table_of_bids_is_bound_by_row_level_security():
    tables = [model._meta.db_table for model in apps.get_app_config("bids").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s)"
            " AND relrowsecurity AND relforcerowsecurity",
            [tables],
        )
        assert sorted(row[0] for row in cursor.fetchall()) == sorted(tables)


def tables_with(secret):
    """The tables in which a session finds a word in any row and column it can read."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE position(%s in t::text) > 0',
                           [secret])  # fmt: skip
            found += [table] if cursor.fetchone()[0] else []
    return found


def test_an_invited_vendor_reads_the_workload_and_no_in_house_cost(tender, buyer, bid_a, vendor_a):
    """As the application login, without any filter; the buyer finds what is searched for."""
    with acting_for(vendor_a.owner):
        assert Workload.objects.count() == 1
        assert (OwnCost.objects.count(), own_cost_of(make.read(tender))) == (0, None)
        assert tables_with(make.OWN_RATE) == []
    with acting_for(buyer.lead):
        assert tables_with(make.OWN_RATE) == ["rfp_owncost"]
        assert own_cost_of(make.read(tender)) == {"rates": {"rate": make.OWN_RATE}}


def test_no_page_of_a_vendor_shows_the_in_house_cost(planted, vendor_a):
    for url, status, text in answers(sign_in(vendor_a.owner), vendor_urls(planted)):
        assert status in {200, 302}, url
        assert make.OWN_RATE not in text, url


def test_a_vendor_writes_no_row_for_another(planted, bid_b, vendor_a, vendor_b):
    with acting_for(vendor_b.owner):
        assert Bid.objects.filter(pk=planted.pk).update(letter="Z") == 0
        assert Answer.objects.all().delete()[0] == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Bid.objects.create(
                organisation_id=planted.organisation_id,
                vendor=vendor_a.organisation,
                round=planted.round,
            )


def test_a_submission_is_never_changed_or_removed(planted, vendor_a):
    with acting_for(vendor_a.owner):
        for act in (
            lambda: Submission.objects.update(manifest_digest="0" * 64),
            lambda: AnswerVersion.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_an_early_opening_is_refused_and_recorded(buyer, planted):
    client = fresh(buyer.opener)
    code = {"code": "any"}
    answer = client.post(reverse("bids:open_quality", args=[buyer.procurement.pk]), code)
    assert answer.status_code == 409
    assert "Too early" in answer.content.decode()
    assert CANARY not in answer.content.decode()
    with acting_for(buyer.auditor):
        event = AuditEvent.objects.get(refused=True)
    assert (event.action, event.actor_id) == ("refused.bids:open_quality", buyer.opener.pk)


def test_a_late_click_is_answered_with_the_times_and_leaves_the_draft(
    tender, bid_a, vendor_a, set_clock
):
    make.fill(bid_a, tender, vendor_a)
    client = sign_in(vendor_a.owner)
    set_clock(tender.rfp.round.closes_at + dt.timedelta(milliseconds=5))
    answer = client.post(reverse("bids:submit", args=[bid_a.pk]))
    assert answer.status_code == 409
    assert "Not submitted: your bid arrived on" in answer.content.decode()
    with acting_for(vendor_a.owner):
        assert Bid.objects.get().state == "draft"
        assert selectors.draft_of(bid_a).gaps() == ()
