"""A vendor's files: kept once, in pieces if need be, checked, described, attached, flagged."""

import datetime as dt
import hashlib
import sys

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Attachment, Evidence
from apps.bids.selectors.evidence import BidEvidence
from apps.bids.services import attaching, evidence
from apps.bids.types.evidence import About, Standing, standing
from apps.core import files
from apps.core.errors import Incomplete, NotFound
from apps.core.models import AuditEvent
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories.bids import queries

pytestmark = pytest.mark.django_db
PDF = make.PDF
ISO = About("iso_27001", "2025-01-10", "2028-01-09")
DIGEST = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def keep(bid_a, vendor_a):
    """Keep a file in the store of the first vendor."""

    def act(content=PDF, about=ISO, name="certificate.pdf", bid=bid_a, person=vendor_a.owner):
        with acting_for(person):
            return evidence.keep(bid=bid, name=name, content=content, about=about, actor=person)

    return act


def blobs():
    return sorted(str(one) for one in settings.FILES_DIR.rglob("*") if one.is_file())


# Kept once


def test_the_same_content_is_one_file_of_the_vendor(keep, vendor_a):
    before = len(blobs())
    assert keep().pk == keep(name="again.pdf").pk
    assert len(blobs()) == before + 1
    with acting_for(vendor_a.owner):
        assert Evidence.objects.count() == 1


def test_two_vendors_hold_the_same_content_apart_and_nothing_tells(keep, bid_b, vendor_b, vendor_a):
    mine = keep()
    with acting_for(vendor_b.owner):
        assert Evidence.objects.count() == 0
        theirs = evidence.keep(
            bid=bid_b, name="certificate.pdf", content=PDF, about=ISO, actor=vendor_b.owner
        )
        assert theirs.pk != mine.pk
        assert theirs.fingerprint != mine.fingerprint
        assert not Evidence.objects.filter(pk=mine.pk).exists()


def test_what_is_attached_to_a_question_is_kept_for_other_bids(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    with acting_for(vendor_a.owner) as owner:
        shown = selectors.evidence_page(owner, bid_a)
        assert [(one.name, one.codes) for one in shown.files] == [
            ("evidence.pdf", ("1.05", "2.01"))
        ]


def test_a_kept_file_goes_to_several_questions_of_another_tender(buyer, keep, vendor_a):
    held, other = keep(), make.tender_of(buyer, reference="CC-other")
    bid = make.bid_in(other.rfp, vendor_a)
    with acting_for(vendor_a.owner) as owner:
        subject = BidEvidence(bid, held)
        attaching.attach_kept(subject=subject, codes=["1.05", "2.01"], actor=owner)
        found = selectors.files_of(bid)
        everything = [one for group in found.values() for one in group]
        assert [one.name for one in everything] == ["certificate.pdf"] * 2
        assert {one.expires for one in everything} == {"2028-01-09"}
        stored = [one.blob for one in everything]
        assert held.blob not in stored, "a bid has copies of its own, under its own keys"


def test_none_is_attached_where_one_question_takes_no_file(keep, tender, bid_a, vendor_a):
    held = keep()
    with acting_for(vendor_a.owner) as owner, pytest.raises(Incomplete):
        attaching.attach_kept(subject=BidEvidence(bid_a, held), codes=["2.01", "1.02"], actor=owner)
    with acting_for(vendor_a.owner):
        assert Attachment.objects.count() == 0


def test_a_dropped_file_leaves_the_store_and_stays_in_the_bid(
    keep, tender, bid_a, vendor_a, django_capture_on_commit_callbacks
):
    held = keep()
    with acting_for(vendor_a.owner) as owner:
        subject = BidEvidence(bid_a, held)
        attaching.attach_kept(subject=subject, codes=["2.01"], actor=owner)
        name = held.blob
        with django_capture_on_commit_callbacks(execute=True):
            evidence.drop(subject=subject, actor=owner)
        attachment = Attachment.objects.get()
        assert selectors.own_file(attachment)[1] == PDF
        assert attachment.evidence is None
    with pytest.raises(NotFound):
        files.read(name)


def test_dates_corrected_in_the_store_reach_drafts_and_no_submitted_bid(
    keep, tender, bid_a, vendor_a
):
    held = keep()
    with acting_for(vendor_a.owner) as owner:
        subject = BidEvidence(bid_a, held)
        attaching.attach_kept(subject=subject, codes=["2.01"], actor=owner)
        evidence.describe(subject=subject, about=About("iso_27001", "", "2029-01-01"), actor=owner)
        copy = Attachment.objects.get().pk
        assert selectors.read_file(Attachment.objects.get()).expires == "2029-01-01"
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    with acting_for(vendor_a.owner) as owner:
        evidence.describe(subject=subject, about=About("iso_27001", "", "2030-01-01"), actor=owner)
        assert selectors.read_file(Attachment.objects.get(pk=copy)).expires == "2029-01-01"


def test_a_full_bid_takes_no_more_bytes(tender, bid_a, vendor_a, monkeypatch):
    monkeypatch.setattr("apps.bids.services.answering.MOST_BYTES_PER_BID", len(PDF) * 2)
    with pytest.raises(Incomplete, match="too large together"):
        make.fill(bid_a, tender, vendor_a, mark="long")


def test_a_full_store_says_so(keep, monkeypatch):
    keep()
    monkeypatch.setattr(evidence, "MOST_FILES", 1)
    with pytest.raises(Incomplete, match="store of files is full"):
        keep(content=PDF + b"2")


# What is refused


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("plan.exe", b"MZ", "Files of this kind are not taken."),
        ("plan.pdf", b"MZ", "The file is not what its name says."),
        ("plan.pdf", b"", "The file is empty."),
        ("plan.txt", b"a\0b", "The file is not plain text."),
    ],
)
def test_what_is_no_document_is_refused_in_a_sentence(keep, name, content, says):
    with pytest.raises(Incomplete, match=says):
        keep(content=content, name=name)


def test_a_name_with_a_path_is_only_a_name(keep):
    held = keep(name="../../etc/passwd\u202e/..\\x.pdf")
    assert selectors.held_file(held).name == "x.pdf"


def test_too_large_is_413(bid_a, vendor_a, settings):
    settings.UPLOAD_LIMIT = 10
    client = sign_in(vendor_a.owner)
    url = reverse("bids:add_evidence", args=[bid_a.pk])
    answer = client.post(url, {"file": SimpleUploadedFile("a.pdf", PDF), "kind": "other"})
    assert answer.status_code == 413
    assert "larger than" in answer.content.decode()


def test_a_last_day_before_the_first_is_said_beside_its_field(bid_a, vendor_a):
    answer = sign_in(vendor_a.owner).post(
        reverse("bids:add_evidence", args=[bid_a.pk]),
        {
            "file": SimpleUploadedFile("a.pdf", PDF),
            "kind": "pci_dss",
            "issued": "2026-05-01",
            "expires": "2026-04-01",
        },
    )
    assert answer.status_code == 422
    assert "The last day lies before the day of issue." in answer.content.decode()


# What its last day means

OPENS = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("expires", "means"),
    [
        ("", Standing.GOOD),
        ("2026-04-30", Standing.EXPIRED),
        ("2026-05-01", Standing.BEFORE_OPENING),
        ("2026-05-31", Standing.BEFORE_OPENING),
        ("2026-06-01", Standing.SOON),
        ("2026-08-29", Standing.SOON),
        ("2026-08-30", Standing.GOOD),
        ("no day", Standing.GOOD),
    ],
)
def test_the_last_day_counts_as_a_whole(expires, means):
    assert standing(expires, today=dt.date(2026, 5, 1), opens=OPENS) == means


def test_an_expired_certificate_is_flagged_before_submission_and_to_the_panel(
    buyer, tender, bid_a, vendor_a, keep, after_grace
):
    held = keep(about=About("iso_27001", "2020-01-01", "2023-01-01"), content=PDF + b" old")
    with acting_for(vendor_a.owner) as owner:
        attaching.attach_kept(subject=BidEvidence(bid_a, held), codes=["2.01"], actor=owner)
    make.fill(bid_a, tender, vendor_a)
    client = sign_in(vendor_a.owner)
    page = client.get(reverse("bids:check", args=[bid_a.pk])).content.decode()
    assert "Look at these dates before you submit" in page
    assert "2.01 certificate.pdf: Expired, 2023-01-01" in page
    make.submit(bid_a, vendor_a)
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    url = reverse("bids:opened_bid", args=[buyer.procurement.pk, bid_a.pk])
    opened = sign_in(buyer.lead).get(url).content.decode()
    assert "ISO/IEC 27001" in opened
    assert "valid until 2023-01-01" in opened
    assert "Expired" in opened


def test_the_list_costs_the_same_for_one_file_and_for_three(keep, bid_a, vendor_a):
    client, url = sign_in(vendor_a.owner), reverse("bids:evidence", args=[bid_a.pk])
    keep()
    one = queries(client, url)
    keep(content=PDF + b"2")
    keep(content=PDF + b"3")
    assert queries(client, url) == one


def test_keeping_a_file_is_no_event_of_the_record(keep, vendor_a):
    keep()
    with acting_for(vendor_a.owner):
        assert not AuditEvent.objects.exists()


# The scanner


@pytest.fixture
def scanned(settings):
    """A scanner that finds the word worm."""
    look = "import sys; sys.exit(b'worm' in sys.stdin.buffer.read())"
    settings.SCANNER = f'{sys.executable} -c "{look}"'


@pytest.mark.parametrize("name", ["add_evidence", "attach"])
def test_an_infected_file_is_refused_and_the_attempt_is_recorded(
    scanned, tender, bid_a, vendor_a, name
):
    question = tender.questions["2.01"].pk
    url = reverse(f"bids:{name}", args=[bid_a.pk, *([question] if name == "attach" else [])])
    file = SimpleUploadedFile("a.pdf", PDF + b" worm")
    answer = sign_in(vendor_a.owner).post(url, {"file": file, "kind": "other"})
    assert answer.status_code == 409
    assert "The virus scanner found something in this file" in answer.content.decode()
    with acting_for(vendor_a.owner):
        assert (Evidence.objects.count(), Attachment.objects.count()) == (0, 0)
        event = AuditEvent.objects.get()
        assert (event.action, event.refused) == (f"refused.bids:{name}", True)
        assert '"reason":"Infected"' in event.payload


def test_a_silent_scanner_takes_nothing(settings, bid_a, vendor_a):
    settings.SCANNER = "/nowhere/scanner"
    answer = sign_in(vendor_a.owner).post(
        reverse("bids:add_evidence", args=[bid_a.pk]),
        {"file": SimpleUploadedFile("a.pdf", PDF), "kind": "other"},
    )
    assert answer.status_code == 503
    with acting_for(vendor_a.owner):
        assert Evidence.objects.count() == 0
