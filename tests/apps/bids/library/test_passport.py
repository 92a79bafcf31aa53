"""The answer passport: round trip between two vendors' stores, and every way to tamper with one."""

import base64
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Evidence, LibraryEntry, PinnedKey
from apps.bids.selectors.library import BidImport
from apps.bids.services import evidence, library, passports
from apps.bids.types.evidence import About
from apps.bids.types.library import Entry
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.proof import canonical
from apps.proof import passports as proof
from apps.proof.keys import SigningKey
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
ISO = About("iso_27001", "2025-01-10", "2028-01-09")


@pytest.fixture
def packed(tender, bid_a, vendor_a):
    """A passport of the first vendor: a library entry, the answers of its bid, one file."""
    make.fill(bid_a, tender, vendor_a)
    with acting_for(vendor_a.owner) as owner:
        entry = Entry("How do you train?", "Six weeks.", "People", "Mia", "2025-03-01")
        library.add(bid=bid_a, entries=[entry], actor=owner)
        held = evidence.keep(
            bid=bid_a, name="iso.pdf", content=make.PDF + b" iso", about=ISO, actor=owner
        )
        _name, content = passports.export(
            bid=bid_a, library=True, bids=[str(bid_a.pk)], files=[str(held.pk)], actor=owner
        )
    return content


@pytest.fixture
def elsewhere(packed):
    """The same content as another installation would sign it."""
    statement, files = proof.unpack(packed)
    return proof.issue(canonical.decode(statement)["body"], files, SigningKey.generate())


@pytest.fixture
def bring(bid_b, vendor_b):
    def act(content):
        with acting_for(vendor_b.owner) as owner:
            held = passports.bring(bid=bid_b, name="p.zip", content=content, actor=owner)
            return BidImport(bid_b, held)

    return act


@pytest.fixture
def take(bid_b, vendor_b):
    def act(subject, pin=""):
        with acting_for(vendor_b.owner) as owner:
            raw = selectors.content_of_import(subject.held)
            seen = selectors.read_passport(bid_b, raw, "").fingerprint
            return passports.take_in(subject=subject, pin=pin, seen=seen, actor=owner)

    return act


def test_answers_and_files_come_to_another_installation(elsewhere, bring, take, bid_b, vendor_b):
    assert take(bring(elsewhere)) == (3, 1)
    with acting_for(vendor_b.owner):
        entries = {one.entry.answer: one.entry for one in selectors.library_of(bid_b)}
        assert entries["Six weeks."].plain() == {
            "question": "How do you train?",
            "answer": "Six weeks.",
            "topic": "People",
            "owner": "Mia",
            "day": "2025-03-01",
        }
        assert {"New agents train for six weeks.", "Volumes as in the RFP."} < set(entries)
        (held,) = selectors.files_held(bid_b)
        assert (held.name, held.about) == ("iso.pdf", ISO)
        assert selectors.file_content(held.held) == make.PDF + b" iso"
        assert AuditEvent.objects.get().action == "bids.passport_import"


def test_a_second_passport_brings_nothing_twice(elsewhere, bring, take):
    take(bring(elsewhere))
    assert take(bring(elsewhere)) == (0, 0)


def test_an_unknown_key_is_said_and_known_once_it_is_pinned(
    elsewhere, bring, take, bid_b, vendor_b
):
    subject = bring(elsewhere)
    client = sign_in(vendor_b.owner)
    page = client.get(reverse("bids:take_passport", args=[bid_b.pk, subject.held.pk]))
    assert "Signed by a key that is unknown here" in page.content.decode()
    assert "It was issued for Velora Connect" in page.content.decode()
    take(subject, pin="Velora's own installation")
    again = bring(elsewhere)
    page = client.get(reverse("bids:take_passport", args=[bid_b.pk, again.held.pk]))
    assert "Signed by a key you trust: Velora" in page.content.decode()
    with acting_for(vendor_b.owner):
        key = PinnedKey.objects.get().fingerprint
    client.post(reverse("bids:unpin_key", args=[bid_b.pk]), {"key": key})
    with acting_for(vendor_b.owner):
        assert PinnedKey.objects.count() == 0


def test_ones_own_installation_is_recognised(packed, bring, bid_b, vendor_b):
    subject = bring(packed)
    page = sign_in(vendor_b.owner).get(
        reverse("bids:take_passport", args=[bid_b.pk, subject.held.pk])
    )
    assert "Signed by this installation" in page.content.decode()


def test_nobody_takes_in_what_they_did_not_look_at(elsewhere, bring, vendor_b):
    subject = bring(elsewhere)
    with acting_for(vendor_b.owner) as owner:
        with pytest.raises(WrongState, match="Look at the key"):
            passports.take_in(subject=subject, pin="", seen="0" * 64, actor=owner)
        assert LibraryEntry.objects.count() == 0


# Tampering


def parts_of(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def altered(raw, change):
    parts = parts_of(raw)
    statement = json.loads(parts["passport.json"])
    change(statement, parts)
    if "passport.json" in parts:
        parts["passport.json"] = canonical.encode(statement)
    return zipped(parts)


def file_in(parts):
    return next(name for name in parts if name.startswith("files/"))


def other_answer(statement, _parts):
    statement["body"]["entries"][0]["answer"] = "Two weeks."


def other_date(statement, _parts):
    statement["body"]["evidence"][0]["expires"] = "2039-01-01"


def other_key(statement, _parts):
    raw = SigningKey.generate().verify_key.public.public_bytes_raw()
    statement["key"] = base64.b64encode(raw).decode()


def other_file(_statement, parts):
    parts[file_in(parts)] += b"!"


def no_file(_statement, parts):
    del parts[file_in(parts)]


def one_more_file(_statement, parts):
    parts["files/" + "0" * 64] = b"%PDF-"


def escaping_file(_statement, parts):
    parts["../evil.pdf"] = b"%PDF-"


def no_statement(_statement, parts):
    del parts["passport.json"]


def other_format(statement, _parts):
    statement["format"] = "cceval passport 2"


def a_float(statement, _parts):
    statement["body"]["entries"][0]["answer"] = 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (other_answer, "its signature does not fit"),
        (other_date, "its signature does not fit"),
        (other_key, "its signature does not fit"),
        (other_file, "its files do not fit its list. A file was changed: iso.pdf"),
        (no_file, "its files do not fit its list. A file is missing: iso.pdf"),
        (one_more_file, "It holds a file that is not on its list."),
        (escaping_file, "its package does not hold. It holds a part that no passport has"),
        (no_statement, "There is no passport.json in it."),
        (other_format, "its content cannot be read. Its passport.json has another format."),
        (a_float, "its signature does not fit"),
    ],
)
def test_a_tampered_passport_is_refused_by_the_check_that_failed(packed, bring, change, says):
    with pytest.raises(Incomplete) as refused:
        bring(altered(packed, change))
    assert says in refused.value.sentence
    assert refused.value.sentence.startswith("This passport is refused:")


@pytest.mark.parametrize("raw", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_passport_is_refused(bring, raw):
    with pytest.raises(Incomplete, match="no zip file, or it is damaged"):
        bring(raw)


def test_a_package_that_inflates_is_refused_before_it_fills_the_memory(bring, packed):
    def bomb(_statement, parts):
        parts["files/" + "1" * 64] = bytes(proof.LARGEST_FILE + 1)

    with pytest.raises(Incomplete, match="A part of it is too large"):
        bring(altered(packed, bomb))


def test_repacking_without_a_change_is_no_tampering(packed, bring):
    bring(zipped(parts_of(packed)))


def test_a_body_that_is_signed_and_makes_no_sense_is_refused(bring):
    body = {"entries": [{"question": 1}], "evidence": []}
    with pytest.raises(Incomplete, match="its content cannot be read"):
        bring(proof.issue(body, {}, SigningKey.generate()))


def test_a_file_of_a_passport_is_checked_as_every_file_is(packed, bring, take, vendor_b):
    body = canonical.decode(proof.unpack(packed)[0])["body"]
    program = b"MZ a program"
    digest = proof.hashes.of_bytes(program)
    one = {"name": "iso.pdf", "sha256": digest, "size": len(program), **ISO.plain()}
    raw = proof.issue({**body, "evidence": [one]}, {digest: program}, SigningKey.generate())
    with pytest.raises(Incomplete, match="The file is not what its name says"):
        take(bring(raw))
    with acting_for(vendor_b.owner):
        assert Evidence.objects.count() == 0


# Who may


def test_only_the_owner_takes_a_passport_out(bid_a, vendor_a):
    with acting_for(vendor_a.respondent) as person, pytest.raises(NotAllowed):
        passports.export(bid=bid_a, library=True, bids=[], files=[], actor=person)
    page = sign_in(vendor_a.respondent).get(reverse("bids:passport", args=[bid_a.pk]))
    assert "takes passports out" in page.content.decode()


def test_nothing_chosen_is_said(bid_a, vendor_a):
    client = sign_in(vendor_a.owner)
    answer = client.post(reverse("bids:export_passport", args=[bid_a.pk]), {})
    assert answer.status_code == 422
    assert "Choose what goes into the passport." in answer.content.decode()


def test_the_pages_pack_and_bring_without_a_script(tender, bid_a, bid_b, vendor_a, vendor_b):
    make.fill(bid_a, tender, vendor_a)
    packed = sign_in(vendor_a.owner).post(
        reverse("bids:export_passport", args=[bid_a.pk]), {"bids": str(bid_a.pk)}
    )
    assert packed.headers["Content-Type"] == "application/zip"
    client = sign_in(vendor_b.owner)
    url = reverse("bids:bring_passport", args=[bid_b.pk])
    broken = client.post(url, {"file": SimpleUploadedFile("p.zip", packed.content[:-40])})
    assert broken.status_code == 422
    place = client.post(url, {"file": SimpleUploadedFile("p.zip", packed.content)})
    where = place.headers["Location"]
    seen = client.get(where).context["page"].fingerprint
    assert client.post(where, {"seen": seen}).headers["Location"].endswith("/library/?saved=2")


def test_a_passport_that_nobody_could_bring_is_not_made(bid_a, vendor_a, settings):
    with acting_for(vendor_a.owner) as owner:
        held = evidence.keep(bid=bid_a, name="iso.pdf", content=make.PDF, about=ISO, actor=owner)
        settings.UPLOAD_LIMIT = 50
        with pytest.raises(Incomplete, match="Choose fewer files"):
            passports.export(bid=bid_a, library=False, bids=[], files=[str(held.pk)], actor=owner)
