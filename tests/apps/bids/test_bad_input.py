"""What bad input gets in the portal: a sentence, the rest untouched, and an event for the auditor.

Each case is one row: what is sent, by whom, which status and words come back. The words are those
a vendor reads; the event is in the log of the vendor's own organisation.
"""

import hashlib
import json
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.bids.models import Answer, Attachment, Evidence, LibraryImport, Submission
from apps.core.models import AuditEvent
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
EXE = ("plan.exe", b"MZ")
DISGUISED = ("plan.pdf", b"MZ")
MACROS = ("answers.docm", b"PK")
TEXT = "application/json"


def upload(file):
    name, content = file
    return {"file": SimpleUploadedFile(name, content), "kind": "other", "expires": ""}


def events(who):
    with acting_for(who):
        found = AuditEvent.objects.filter(refused=True)
        return [(one.action, json.loads(one.payload)["details"]["status"]) for one in found]


@pytest.fixture
def owner(vendor_a):
    return sign_in(vendor_a.owner)


@pytest.fixture
def filled(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    return bid_a


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("add_evidence", (EXE, "Files of this kind are not taken.")),
        ("add_evidence", (DISGUISED, "The file is not what its name says.")),
        ("attach", (EXE, "Files of this kind are not taken.")),
        ("attach", (DISGUISED, "The file is not what its name says.")),
        ("bring_library", (MACROS, "macros")),
        ("bring_passport", (("passport.zip", b"PK no zip"), "This passport is refused")),
    ],
)
def test_a_file_of_the_wrong_kind(owner, tender, bid_a, vendor_a, name, sent):
    file, says = sent
    more = [tender.questions["2.01"].pk] if name == "attach" else []
    answer = owner.post(reverse(f"bids:{name}", args=[bid_a.pk, *more]), upload(file))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert says in answer.content.decode()
    with acting_for(vendor_a.owner):
        stored = (Evidence, Attachment, LibraryImport)
        assert [one.objects.count() for one in stored] == [0, 0, 0]
    assert events(vendor_a.owner) == [(f"refused.bids:{name}", 422)]


@pytest.mark.parametrize("name", ["add_evidence", "attach", "bring_passport"])
def test_a_file_that_is_too_large(settings, owner, tender, bid_a, vendor_a, name):
    settings.UPLOAD_LIMIT = 10
    more = [tender.questions["2.01"].pk] if name == "attach" else []
    url = reverse(f"bids:{name}", args=[bid_a.pk, *more])
    answer = owner.post(url, upload(("a.pdf", make.PDF)))
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "larger than" in answer.content.decode()
    assert events(vendor_a.owner) == [(f"refused.bids:{name}", 413)]


def test_a_slip_in_a_form_is_nobodys_business(owner, bid_a, vendor_a):
    answer = owner.post(reverse("bids:add_evidence", args=[bid_a.pk]), {"kind": "other"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a file first." in answer.content.decode()
    assert events(vendor_a.owner) == []


def test_a_name_with_a_path_is_only_a_name_wherever_it_comes_in(owner, tender, bid_a, vendor_a):
    trick = "../../etc/passwd\\..\\plan.pdf"
    given = {
        "name": trick,
        "size": len(make.PDF),
        "sha256": hashlib.sha256(make.PDF).hexdigest(),
        "kind": "other",
    }
    home = f"/api/v1/bids/{bid_a.pk}/evidence/uploads/"
    made = owner.post(home, given, content_type=TEXT)
    assert made.status_code == HTTPStatus.CREATED
    assert [one["name"] for one in owner.get(home).json()] == ["plan.pdf"]
    url = reverse("bids:attach", args=[bid_a.pk, tender.questions["2.01"].pk])
    assert owner.post(url, upload((trick, make.PDF))).status_code == HTTPStatus.FOUND
    files = owner.get(f"/api/v1/bids/{bid_a.pk}/answers/2.01/files/").json()
    assert [one["name"] for one in files] == ["plan.pdf"]


def test_a_late_click_saves_and_submits_nothing(owner, filled, tender, vendor_a, set_clock):
    set_clock(tender.rfp.round.closes_at)
    question = tender.questions["1.02"].pk
    acts = (
        (reverse("bids:answer", args=[filled.pk, question]), {"a-1.02": "No"}, "deadline passed"),
        (reverse("bids:submit", args=[filled.pk]), {}, "Not submitted: your bid arrived on"),
    )
    for url, given, says in acts:
        late = owner.post(url, given)
        assert late.status_code == HTTPStatus.CONFLICT, url
        assert says in late.content.decode(), url
    with acting_for(vendor_a.owner):
        assert Submission.objects.count() == 0
        assert Answer.objects.get(question=question).version == 1
    assert [status for _action, status in events(vendor_a.owner)] == [409, 409]


def test_a_request_sent_twice_counts_once(owner, filled, vendor_a):
    url = reverse("bids:submit", args=[filled.pk])
    assert [owner.post(url).status_code for _again in range(2)] == [HTTPStatus.FOUND] * 2
    with acting_for(vendor_a.owner):
        assert Submission.objects.count() == 1


def test_a_save_sent_twice_makes_no_second_version_and_an_old_one_overwrites_nothing(
    owner, bid_a, vendor_a
):
    place = f"/api/v1/bids/{bid_a.pk}/answers/1.02/"

    def save(text, version):
        return owner.put(place, {"answer": text, "version": version}, content_type=TEXT)

    assert [save("Yes", 0).json() for _again in range(2)] == [{"version": 1}] * 2
    assert save("No", 1).json() == {"version": 2}
    replayed = save("Yes", 0)
    assert replayed.status_code == HTTPStatus.PRECONDITION_FAILED
    with acting_for(vendor_a.owner):
        assert Answer.objects.get().version == 2
    assert [status for _action, status in events(vendor_a.owner)] == [412]


def test_a_link_of_another_vendor_is_not_there_and_its_owner_hears_nothing(
    filled, vendor_a, vendor_b, bid_b
):
    stranger = sign_in(vendor_b.owner)
    for name in ("portal", "price", "receipt", "evidence"):
        answer = stranger.get(reverse(f"bids:{name}", args=[filled.pk]))
        assert answer.status_code == HTTPStatus.NOT_FOUND, name
        assert vendor_a.organisation.name not in answer.content.decode(), name
    assert {status for _action, status in events(vendor_b.owner)} == {404}
    assert len(events(vendor_b.owner)) == 4
    assert events(vendor_a.owner) == []
