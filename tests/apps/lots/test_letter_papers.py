"""The letter on a result as a signed PDF: what it says, whose it is, and what it never holds."""

import html
import json
import subprocess
from http import HTTPStatus

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from apps.bids.models import Result, ResultPrice
from apps.bids.types.places import LETTER_PAPER
from apps.core import jobs, tenancy
from apps.core.models import AuditEvent, Job
from apps.core.tasks import load_handlers
from apps.proof import canonical, hashes
from apps.reports.models import LetterPaper
from apps.reports.services import letter_papers, verifying
from apps.workspace.states import MemberRole
from cceval import fsck
from tests.apps.lots.test_awarding import mark_of, marked, page_of, plant, secrets_of, text_of
from tests.apps.reports.conftest import LEFT_OPEN, prepare_keys
from tests.conftest import acting_for, add_member, make_user, sign_in
from tests.factories import lots as make
from tests.factories import reports as make_reports

pytestmark = LEFT_OPEN


def made():
    """Run the promised jobs as the worker does; return how many there were."""
    with tenancy.acting_as(scope="jobs"):
        waiting = list(Job.objects.filter(kind=LETTER_PAPER).values_list("pk", flat=True))
    assert [jobs.run(pk) for pk in waiting] == ["done"] * len(waiting)
    return len(waiting)


def result_of(stage, place, code):
    with acting_for(stage.vendors[place].owner):
        return Result.objects.get(bid=stage.bids[place], lot__code=code)


def url_of(stage, place, code):
    return reverse(
        "reports:letter_paper", args=[stage.bids[place].pk, result_of(stage, place, code).pk]
    )


def pdf_of(stage, place, code, person=None):
    answer = sign_in(person or stage.vendors[place].owner).get(url_of(stage, place, code))
    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
    return answer.content


def words(pdf, tmp_path):
    """The text of the pages with all that is attached, hidden or not."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    shown = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    plain = subprocess.run(
        ["qpdf", "--qdf", "--object-streams=disable", str(path), "-"],
        capture_output=True,
        check=False,
    ).stdout.decode("latin-1")
    return " ".join(shown.split()), plain


@pytest.fixture
def decided(buyer, set_clock):
    """Both lots are decided, every vendor's texts carry a mark of its own, the papers are made."""
    prepare_keys()
    load_handlers()
    stage = marked(buyer, set_clock)
    stage.letters = plant(stage)
    for code in "AB":
        make.decide(stage, code)
    assert made() == 4
    return stage


def test_each_vendor_gets_all_its_own_reasons_and_no_datum_of_another_on_paper(decided, tmp_path):
    with acting_for(decided.buyer.lead):
        prices = {row.bid_id: json.loads(row.letter)["price"] for row in ResultPrice.objects.all()}
    for place, codes in ((0, "AB"), (1, "A"), (2, "B")):
        bid, name = decided.bids[place], decided.vendors[place].organisation.name
        for code in codes:
            shown, plain = words(pdf_of(decided, place, code), tmp_path)
            assert f"heron{decided.letters[bid.pk]}101" in shown
            assert f"{mark_of(name)} is fine." in shown
            assert name in shown
            for rival in {0, 1, 2} - {place}:
                for secret in secrets_of(decided, rival, decided.letters, prices):
                    assert secret not in shown
                    assert secret not in plain
            assert prices[bid.pk] not in plain  # not even its own: who reads no price may hold it


def test_a_paper_is_made_of_the_told_letter_and_stays_as_it_was(decided):
    result, owner = result_of(decided, 0, "B"), decided.vendors[0].owner
    with acting_for(owner):
        paper = LetterPaper.objects.get(result=result)
        content = json.loads(paper.payload)
        assert hashes.of_bytes(paper.payload.encode()) == paper.digest
        assert canonical.encode(content).decode() == paper.payload
        assert content["letter_digest"] == result.digest
        assert content["award_digest"] == result.award
        assert hashes.of_bytes(pdf_of(decided, 0, "B")) == paper.signed_sha256
        said = AuditEvent.objects.filter(action="letter.sign", subject_id=str(paper.pk)).get()
        assert said.actor is None
        with pytest.raises(DatabaseError), transaction.atomic():
            LetterPaper.objects.filter(pk=paper.pk).update(digest="0" * 64)
    assert not [one for one in fsck.broken() if one.invariant == "I10"]


def test_the_paper_is_its_vendors_alone(decided):
    colleague = add_member(
        decided.vendors[0].organisation, make_user("Hale Sloane"), MemberRole.MEMBER
    )
    assert pdf_of(decided, 0, "B", colleague) == pdf_of(decided, 0, "B")
    buyer = decided.buyer
    for person in (decided.vendors[1].owner, buyer.lead, buyer.approver, buyer.auditor):
        client = sign_in(person)
        for place, code in ((0, "A"), (0, "B"), (2, "B")):
            assert client.get(url_of(decided, place, code)).status_code == HTTPStatus.NOT_FOUND
            assert client.post(url_of(decided, place, code)).status_code == HTTPStatus.NOT_FOUND
    with acting_for(buyer.lead):
        assert not LetterPaper.objects.exists()
    with acting_for(decided.vendors[1].owner):
        assert set(LetterPaper.objects.values_list("result__bid_id", flat=True)) == {
            decided.bids[1].pk
        }
    foreign = reverse(
        "reports:letter_paper", args=[decided.bids[1].pk, result_of(decided, 0, "A").pk]
    )
    assert sign_in(decided.vendors[1].owner).get(foreign).status_code == HTTPStatus.NOT_FOUND


def test_anybody_may_verify_it_and_learns_nothing_of_the_tender(decided):
    pdf = pdf_of(decided, 0, "B")
    found = verifying.verify(pdf=pdf)
    assert found.genuine
    assert found.issued.name == "Letter on the result of a bid"
    assert {one.outcome.value for one in found.answers} == {"passed"}
    assert not verifying.verify(pdf=pdf.replace(b"Velora", b"Velorb", 1) + b" ").genuine
    page = Client().get(reverse("reports:verify_reference", args=[found.issued.reference]))
    said = html.unescape(page.content.decode())
    for secret in ("Velora Connect", decided.procurement.title, decided.procurement.reference):
        assert secret not in said


def test_before_it_is_made_its_address_says_so_and_one_that_failed_is_asked_for_again(two_lots):
    make_reports.assess(two_lots)
    make.decide(two_lots, "A")
    owner = two_lots.vendors[0].owner
    client, url = sign_in(owner), url_of(two_lots, 0, "A")
    assert "is being made and signed" in client.get(url).content.decode()
    assert url in text_of(page_of(two_lots, 0))
    with acting_for(owner):
        result = result_of(two_lots, 0, "A")
        Job.objects.filter(kind=LETTER_PAPER, subject_id=result.pk).update(state="failed")
    assert "The PDF was not made" in client.get(url).content.decode()
    assert client.post(url).status_code == HTTPStatus.FOUND
    assert "is being made and signed" in client.get(url).content.decode()
    with acting_for(owner) as actor:
        assert letter_papers.download(result=result, actor=actor) is None
