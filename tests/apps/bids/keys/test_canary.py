"""What somebody finds who has everything the server stores, and every key of the keystore.

Every answer, price, file, assumption, mark and comment of a bid carries a word of its own. The
search (`search`) goes through every row of every table, every stored file, Redis, the logs and the
mails.
"""

import pytest
from django.core import mail
from django.urls import reverse

from apps.bids.models import AnswerVersion
from apps.bids.services import answering, assuming, commenting, sheets
from tests.apps.bids.keys import search
from tests.apps.bids.keys.conftest import code_in
from tests.conftest import acting_for
from tests.factories import bids as make

pytestmark = pytest.mark.django_db

CANARIES = {
    "answer": "zanzibar-answer-41",
    "number": "918273645546",
    "option": "4142857",
    "priced": "zanzibar-priced-43",
    "rate": "0.91827364",
    "name": "zanzibar-name-45",
    "content": "zanzibar-content-46",
    "wording": "zanzibar-wording-47",
    "reason": "zanzibar-reason-48",
    "comment": "zanzibar-comment-49",
    "earlier": "zanzibar-earlier-50",
}


@pytest.fixture
def alone(settings, tmp_path):
    """Files and keys of this test and no other."""
    settings.KEY_STORE = tmp_path / "keys"
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path


@pytest.fixture
def full(alone, tender, bid_a, vendor_a):
    """A bid in which everything that can be written is a canary."""
    owner, sheet = vendor_a.owner, {**make.SHEET}
    sheet["rates"] = {**make.SHEET["rates"], "tiers": [{"rate": CANARIES["rate"]}]}
    revenue = [{"Year": "2025", "Revenue": CANARIES["option"]}]
    given = {"1.02": "Yes", "1.03": CANARIES["number"], "1.05": revenue}
    given |= {"1.01": CANARIES["earlier"], "3.01": CANARIES["priced"]}
    one = {"bid": bid_a, "actor": owner}
    with acting_for(owner):
        for code, raw in given.items():
            answering.save_answer(**one, question=tender.questions[code], raw=raw, version=0)
        question = tender.questions["1.01"]
        answering.save_answer(**one, question=question, raw=CANARIES["answer"], version=1)
        content = make.PDF + CANARIES["content"].encode()
        for code in ("1.05", "2.01"):
            name = f"{CANARIES['name']}.pdf"
            answering.attach(**one, question=tender.questions[code], name=name, content=content)
        sheets.save_price(**one, raw=sheet, version=0)
        wording = {"kind": "assumption", "place": "1.01", "wording": CANARIES["wording"]}
        assuming.add(**one, raw=wording)
        assuming.mark(**one, question=question, reason=CANARIES["reason"])
        commenting.comment(**one, question=question, text=CANARIES["comment"], mentioned=[])
    return bid_a


def readable(alone, *more: bytes) -> list[bytes]:
    """Everything that can be read with what is stored, keys found on the way included."""
    plain = [*search.rows(), *search.files(alone / "files"), *search.broker(), *more]
    return search.opened(plain, search.keys(alone / "keys"))


def hits(found: list[bytes]) -> set[str]:
    return {name for name, word in CANARIES.items() if any(word.encode() in one for one in found)}


def test_of_a_submitted_bid_nothing_is_read_with_every_key_there_is(
    full, alone, laptop, settled, caplog, vendor_a
):
    """A draft is found whole by the same search; its key is the difference."""
    assert hits(readable(alone)) == set(CANARIES)

    laptop.get(reverse("bids:check", args=[full.pk]))
    with settled():
        laptop.post(reverse("bids:submit", args=[full.pk]))
    for name in ("portal", "check", "receipt", "receipt_file"):  # reading back leaves nothing
        assert laptop.get(reverse(f"bids:{name}", args=[full.pk])).status_code == 200
    page = laptop.get(reverse("bids:check", args=[full.pk])).content.decode()
    assert CANARIES["answer"] in page
    said = [caplog.text.encode(), *(one.message().as_bytes() for one in mail.outbox)]
    found = readable(alone, *said)
    assert hits(found) == set()

    code = code_in(laptop)  # nor the code, however it is written
    secrets = [code, code.replace("-", ""), code.lower()]
    assert not any(word.encode() in one for one in found for word in secrets)
    with acting_for(vendor_a.owner):
        assert AnswerVersion.objects.count() >= 6  # the rows are there; the key is not

    with settled():
        laptop.post(reverse("bids:reopen", args=[full.pk]))
    assert hits(readable(alone)) == set(CANARIES)
    with settled():
        laptop.post(reverse("bids:submit", args=[full.pk]))
    assert hits(readable(alone)) == set()


def test_a_file_that_the_vendor_keeps_for_other_bids_is_readable_in_its_store_and_it_alone(
    full, alone, laptop, settled
):
    with settled():
        laptop.post(reverse("bids:submit", args=[full.pk]), {"keep_files": "1"})
    assert hits(readable(alone)) == {"name", "content"}
