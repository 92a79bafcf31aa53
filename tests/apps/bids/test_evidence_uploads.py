"""Evidence in pieces: resumed, repeated, damaged, encrypted while it comes, gone when nobody comes back."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Evidence, EvidenceUpload
from apps.bids.selectors.evidence import BidUpload
from apps.bids.services import uploading
from apps.bids.tasks import forget_upload
from apps.core.errors import Conflict, Incomplete, TooLarge
from apps.core.models import Job
from tests.apps.bids.test_evidence import DIGEST, ISO, PDF, blobs
from tests.conftest import acting_for, sign_in

pytestmark = pytest.mark.django_db


# In pieces


@pytest.fixture
def coming(bid_a, vendor_a):
    """Begin a file of three pieces."""
    content = PDF + bytes(range(256)) * 3

    def begin(person=vendor_a.owner):
        with acting_for(person):
            held = uploading.start(
                bid=bid_a,
                name="audit.pdf",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                about=ISO,
                actor=person,
            )
        return BidUpload(bid_a, held), content

    return begin


def put(subject, content, start, end, person):
    piece = content[start:end]
    with acting_for(person):
        return uploading.put(
            subject=subject,
            offset=start,
            sha256=hashlib.sha256(piece).hexdigest(),
            content=piece,
            actor=person,
        ).received


def test_a_file_comes_in_pieces_and_goes_on_after_a_reload(coming, vendor_a):
    subject, content = coming()
    assert put(subject, content, 0, 300, vendor_a.owner) == 300
    again, _content = coming()
    assert again.upload.pk == subject.upload.pk, "the same file begun again goes on"
    assert again.upload.received == 300
    assert put(again, content, 300, len(content), vendor_a.owner) == len(content)
    with acting_for(vendor_a.owner) as owner:
        held = uploading.complete(subject=again, actor=owner)
        assert selectors.file_content(held) == content
        assert selectors.held_file(held).about == ISO
        assert EvidenceUpload.objects.count() == 0


def test_a_piece_repeated_after_a_lost_answer_changes_nothing(coming, vendor_a):
    subject, content = coming()
    for _again in range(2):
        assert put(subject, content, 0, 300, vendor_a.owner) == 300


@pytest.mark.parametrize("start", [100, 400])
def test_a_piece_that_does_not_fit_is_told_how_much_has_come(coming, vendor_a, start):
    subject, content = coming()
    put(subject, content, 0, 300, vendor_a.owner)
    with pytest.raises(Conflict) as refused:
        put(subject, content, start, start + 50, vendor_a.owner)
    assert refused.value.current == {"received": 300}


def test_a_piece_damaged_on_its_way_is_refused(coming, vendor_a):
    subject, content = coming()
    with acting_for(vendor_a.owner) as owner, pytest.raises(Incomplete, match="damaged"):
        uploading.put(
            subject=subject,
            offset=0,
            sha256=hashlib.sha256(b"other").hexdigest(),
            content=content[:10],
            actor=owner,
        )


def test_half_a_file_is_no_evidence(coming, vendor_a):
    subject, content = coming()
    put(subject, content, 0, 300, vendor_a.owner)
    with acting_for(vendor_a.owner) as owner:
        with pytest.raises(Conflict):
            uploading.complete(subject=subject, actor=owner)
        assert Evidence.objects.count() == 0


def test_what_was_announced_and_what_came_must_be_the_same(bid_a, vendor_a):
    with acting_for(vendor_a.owner) as owner:
        held = uploading.start(
            bid=bid_a, name="a.pdf", size=len(PDF), sha256="0" * 64, about=ISO, actor=owner
        )
    subject = BidUpload(bid_a, held)
    put(subject, PDF, 0, len(PDF), vendor_a.owner)
    with acting_for(vendor_a.owner) as owner:
        with pytest.raises(Incomplete, match="not the file that was announced"):
            uploading.complete(subject=subject, actor=owner)
        assert Evidence.objects.count() == 0


def test_an_announced_size_over_the_limit_never_starts(bid_a, vendor_a):
    with acting_for(vendor_a.owner) as owner, pytest.raises(TooLarge):
        uploading.start(
            bid=bid_a,
            name="a.pdf",
            size=settings.UPLOAD_LIMIT + 1,
            sha256=DIGEST,
            about=ISO,
            actor=owner,
        )


def test_pieces_lie_encrypted_and_go_when_nobody_comes_back(
    coming, vendor_a, django_capture_on_commit_callbacks
):
    before = set(blobs())
    subject, content = coming()
    put(subject, content, 0, 300, vendor_a.owner)
    (piece,) = set(blobs()) - before
    assert PDF not in Path(piece).read_bytes()
    with acting_for(vendor_a.owner), django_capture_on_commit_callbacks(execute=True):
        forget_upload(Job.objects.get(subject_id=subject.upload.pk))()
    assert set(blobs()) == before


def test_the_script_sends_pieces_over_http(bid_a, vendor_a):
    client = sign_in(vendor_a.owner)
    said = {"name": "a.pdf", "size": len(PDF), "sha256": DIGEST, "kind": "iso_27001"}
    begun = client.post(reverse("bids:start_upload", args=[bid_a.pk]), said)
    assert begun.status_code == 201
    place = begun.json()
    first, rest = PDF[:5], PDF[5:]
    for at, piece in ((0, first), (5, rest)):
        answer = client.put(
            place["put"],
            piece,
            content_type="application/octet-stream",
            headers={
                "Upload-Offset": str(at),
                "Upload-Digest": hashlib.sha256(piece).hexdigest(),
            },
        )
        assert answer.json() == {"received": at + len(piece)}
    assert client.get(place["put"]).json() == {"received": len(PDF)}
    done = client.post(place["complete"])
    assert done.status_code == 201
    assert "ISO/IEC 27001" in client.get(done.json()["page"]).content.decode()


def test_a_piece_over_the_limit_is_413(bid_a, vendor_a):
    client = sign_in(vendor_a.owner)
    said = {"name": "a.pdf", "size": 5 << 20, "sha256": DIGEST, "kind": "other"}
    place = client.post(reverse("bids:start_upload", args=[bid_a.pk]), said).json()
    answer = client.put(
        place["put"],
        bytes((1 << 20) + 1),
        content_type="application/octet-stream",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 413


def test_a_colleagues_upload_is_their_own(coming, bid_a, vendor_a):
    subject, _content = coming()
    client = sign_in(vendor_a.respondent)
    url = reverse("bids:upload_piece", args=[bid_a.pk, subject.upload.pk])
    assert client.get(url).status_code == 404
    with acting_for(vendor_a.respondent):
        assert EvidenceUpload.objects.count() == 0
