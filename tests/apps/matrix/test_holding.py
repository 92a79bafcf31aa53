"""Scores held for want of evidence: what counts, what is shown, and that what was given stays."""

import datetime as dt
import html
import json
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.bids.models import SentQuestion, VendorExplanation
from apps.bids.services import explaining
from apps.bids.types.evidence import About, NewFile, OpenedFile
from apps.core import clock, files
from apps.core.errors import WrongState
from apps.core.models import AuditEvent
from apps.matrix import selectors
from apps.matrix.models import Score
from apps.matrix.selectors.holding import closing_day, held_in, hold_on, holds_of
from apps.matrix.types import Hold
from apps.proof import hashes
from apps.rfp.models import Question
from tests.apps.matrix.test_asking import draft, explain, send, vendor_of
from tests.apps.matrix.test_recusals import recuse
from tests.conftest import acting_for, make_buyer, make_vendor
from tests.factories import matrix as make
from tests.scenes import scene

CERTIFIED = {
    **make.SITES,
    "evidence": "The certificate",
    "evidence_class": "iso_27001",
    "evidence_expires": True,
    "held_at": "3",
}
GIVEN = {"1.04": (5, 5, 4)}
FILES = {0: {"1.04": 0}, 1: {"1.04": -1}}  # valid on the closing day, ended the day before, none
EXPIRED = "held at 3: ISO/IEC 27001 expired on"
MISSING = "held at 3: no evidence beside the answer (ISO/IEC 27001)"
CLOSED = dt.date(2026, 10, 2)


@scene
def held(move):
    """Three bids, scored above the level, agreed and locked: two lack the certificate."""
    buyer = make_buyer()
    vendors = [make_vendor(n, buyer.organisation) for n in ("Velora", "Castellan", "Tamarind")]
    stage = make.opened(buyer, vendors, move, extra=(("1", CERTIFIED),), files=FILES)
    return make.to_lock(stage, GIVEN)


@scene
def held_scoring(move):
    """Two bids of the same tender while evaluators score; the second one's certificate had ended."""
    buyer = make_buyer()
    vendors = [make_vendor(name, buyer.organisation) for name in ("Velora", "Castellan")]
    stage = make.opened(buyer, vendors, move, extra=(("1", CERTIFIED),), files=FILES)
    return make.scored(make.begun(stage), GIVEN)


def frozen_of(stage):
    with acting_for(stage.buyer.executive) as user:
        return selectors.latest_ranking(user, stage.procurement)


def test_the_ranking_counts_the_level_and_the_given_scores_stay(held):
    case = json.loads(frozen_of(held).record)["case"]
    ids = [str(bid.pk) for bid in held.bids]
    assert [case["scores"][one]["1.04"] for one in ids] == ["5", "3", "3"]
    for sheet in case["individual"].values():
        assert [sheet[one]["1.04"] for one in ids] == ["5", "3", "3"]
    with acting_for(held.buyer.lead) as lead:
        rows = selectors.current_consensus(held.round_for(lead)).filter(question__code="1.04")
        assert {str(one.bid_id): one.value for one in rows} == dict(
            zip(ids, map(Decimal, (5, 5, 4)), strict=True)
        )
        scored = Score.objects.filter(question__code="1.04")
        assert sorted(scored.values_list("value", flat=True)) == [4, 4, 5, 5, 5, 5]


def test_the_frozen_ranking_and_the_log_say_what_was_held(held):
    frozen = frozen_of(held)
    by_bid = {one["bid"]: one for one in frozen.held}
    assert set(by_bid) == {str(held.bids[1].pk), str(held.bids[2].pk)}
    second, third = by_bid[str(held.bids[1].pk)], by_bid[str(held.bids[2].pk)]
    assert (second["question"], second["level"], second["agreed"]) == ("1.04", "3", "5")
    assert (bool(second["expired"]), third["expired"], third["agreed"]) == (True, "", "4")
    with acting_for(held.buyer.lead):
        event = AuditEvent.objects.get(action="ranking.freeze")
        assert json.loads(event.payload)["details"]["held"] == frozen.held


def test_the_matrix_and_the_api_say_what_is_held(held, client_for):
    client = client_for(held.buyer.lead)
    page = client.get(reverse("matrix:ranking", args=[held.procurement.pk])).content.decode()
    assert f"Castellan. Agreed 5, {EXPIRED}" in page
    assert f"Tamarind. Agreed 4, {MISSING}." in page
    assert "Velora. Agreed" not in page
    answer = client.get(f"/api/v1/procurements/{held.procurement.pk}/ranking/")
    assert answer.json()["held"] == frozen_of(held).held


def test_an_evaluator_reads_at_what_a_score_is_held_before_giving_it(held_scoring, client_for):
    client = client_for(held_scoring.buyer.evaluator)
    at = [held_scoring.procurement.pk, "1.04"]
    page = client.get(reverse("matrix:question", args=at)).content.decode()
    assert page.count("A score above it is held at 3") == 1
    assert EXPIRED in page
    assert "Castellan" not in page  # names stay hidden
    other = client.get(reverse("matrix:question", args=[at[0], "1.01"])).content.decode()
    assert "held at" not in other


def test_the_consensus_shows_what_an_agreed_score_counts_as(held_scoring, client_for):
    make.in_consensus(held_scoring)
    client = client_for(held_scoring.buyer.moderator)
    url = reverse("matrix:agreeing", args=[held_scoring.procurement.pk, "1.04"])
    page = client.get(url).content.decode()
    assert page.count("Counts as held at 3") == 1


def test_an_expiry_is_judged_on_the_closing_day_and_not_today(held_scoring, set_clock):
    set_clock(clock.now() + dt.timedelta(days=400))
    with acting_for(held_scoring.buyer.evaluator) as user:
        board = selectors.board(user, held_scoring.round_for(user))
        found = holds_of(user, board)
    assert {bid for bid, _question in found} == {held_scoring.bids[1].pk}


# What comes later, with an explanation

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
NAME = "castellan-lantern-905512748816.pdf"


def day(stage, after):
    """The closing day of a tender, or so many days after it."""
    with acting_for(stage.buyer.lead) as user:
        return (closing_day(stage.round_for(user).rfp) + dt.timedelta(after)).isoformat()


def certificate(stage, issued=0, ends=0, kind="iso_27001"):
    """A file whose days are counted from the closing day: of it, and its last one."""
    return NewFile(NAME, PDF, About(kind, day(stage, issued), day(stage, ends)))


def asked_about(stage, days=5):
    """Ask the second bid, whose certificate had ended, about what it lacks."""
    return send(stage, draft(stage, code="1.04", at=1), days=days)


def held_now(stage):
    with acting_for(stage.buyer.lead) as user:
        return dict(holds_of(user, selectors.board(user, stage.round_for(user))))


def put_page_of(stage, client_for):
    client = client_for(vendor_of(stage, 1).owner)
    return client, reverse("bids:put_to_us", args=[stage.bids[1].pk])


def test_a_certificate_that_was_there_in_time_and_is_shown_later_counts(held_scoring, client_for):
    make.in_consensus(held_scoring)
    explain(held_scoring, asked_about(held_scoring), at=1, file=certificate(held_scoring))
    assert not held_now(held_scoring)
    question = reverse("matrix:question", args=[held_scoring.procurement.pk, "1.04"])
    page = client_for(held_scoring.buyer.evaluator).get(question).content.decode()
    assert page.count("came with the explanation") == 1
    assert "held at 3" not in page
    agreeing = reverse("matrix:agreeing", args=[held_scoring.procurement.pk, "1.04"])
    page = client_for(held_scoring.buyer.moderator).get(agreeing).content.decode()
    assert page.count("With a file:") == page.count(f"issued {day(held_scoring, 0)}") == 1
    assert "Counts as held" not in page
    make.locked(make.agreed(held_scoring, GIVEN))
    case = json.loads(frozen_of(held_scoring).record)["case"]
    assert [case["scores"][str(bid.pk)]["1.04"] for bid in held_scoring.bids] == ["5", "5"]
    assert frozen_of(held_scoring).held == []


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ((1, 1000), "held at 3: ISO/IEC 27001 was issued on "),
        ((-1000, -1), EXPIRED),
        ((-1000, 1000, "pci_dss"), EXPIRED),
    ],
)
def test_what_a_bid_lacked_when_bids_closed_cannot_be_made_up_for(held_scoring, shown, words):
    explain(held_scoring, asked_about(held_scoring), at=1, file=certificate(held_scoring, *shown))
    (hold,) = held_now(held_scoring).values()
    assert hold.words.startswith(words)
    assert hold.level == 3
    make.locked(make.agreed(make.in_consensus(held_scoring), GIVEN))
    (kept,) = held_in(frozen_of(held_scoring)).values()
    assert (kept.words, kept.agreed) == (hold.words, 5)


def test_a_certificate_that_comes_after_the_lock_is_shown_and_moves_nothing(
    held_scoring, client_for
):
    sent = asked_about(held_scoring)
    make.locked(make.agreed(make.in_consensus(held_scoring), GIVEN))
    explain(held_scoring, sent, at=1, file=certificate(held_scoring))
    assert len(held_now(held_scoring)) == 1
    url = reverse("matrix:question", args=[held_scoring.procurement.pk, "1.04"])
    page = client_for(held_scoring.buyer.evaluator).get(url).content.decode()
    assert NAME in page  # names stand beside letters by now
    assert EXPIRED in page


def test_three_files_that_came_later_need_no_more_queries_than_one(held_scoring, client_for):
    sent = [asked_about(held_scoring) for _time in range(3)]
    make.locked(make.agreed(make.in_consensus(held_scoring), GIVEN))
    client, counts = client_for(held_scoring.buyer.evaluator), []
    url = reverse("matrix:question", args=[held_scoring.procurement.pk, "1.04"])
    for one in sent:
        explain(held_scoring, one, at=1, file=certificate(held_scoring))
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[2]


def test_a_later_file_is_read_under_a_neutral_name_and_by_nobody_else(held_scoring, client_for):
    sent = asked_about(held_scoring)
    explain(held_scoring, sent, at=1, file=certificate(held_scoring))
    procurement, letter = held_scoring.procurement.pk, held_scoring.bid(1).letter
    digest = hashes.of_bytes(PDF)
    url = reverse("matrix:evidence", args=[procurement, "1.04", letter, digest])
    other = reverse(
        "matrix:evidence", args=[procurement, "1.04", held_scoring.bid(0).letter, digest]
    )
    client = client_for(held_scoring.buyer.evaluator)
    answer = client.get(url)
    assert b"".join(answer) == PDF
    assert f"bid-{letter}-1.04-2.pdf" in answer["Content-Disposition"]
    assert client.get(other).status_code == 404
    for name, args in (("question", ["1.04"]), ("vendor_questions", []), ("scoring", [])):
        page = client.get(reverse(f"matrix:{name}", args=[procurement, *args])).content.decode()
        assert NAME not in page
    told = client.get(f"/api/v1/procurements/{procurement}/scoring/vendor-questions/").json()
    assert (told[0]["sent"]["file"]["sha256"], NAME in str(told)) == (digest, False)
    rival = client_for(vendor_of(held_scoring, 0).owner)
    assert rival.get(url).status_code == 404
    own, page = put_page_of(held_scoring, client_for)
    assert NAME in own.get(page).content.decode()
    assert own.get(url).status_code == 404  # it is the panel's door
    recuse(held_scoring, held_scoring.buyer.evaluator, 1)
    assert client.get(url).status_code == 404


def test_both_records_say_what_came_and_neither_names_it(held_scoring):
    explain(held_scoring, asked_about(held_scoring), at=1, file=certificate(held_scoring))
    for person, action in (
        (held_scoring.buyer.lead, "scoring.explained"),
        (vendor_of(held_scoring, 1).owner, "bids.explain"),
    ):
        with acting_for(person):
            said = AuditEvent.objects.get(action=action).payload
        told = json.loads(said)["details"]
        assert [told[name] for name in ("sha256", "kind", "issued")] == [
            *(hashes.of_bytes(PDF), "iso_27001", day(held_scoring, 0))
        ]
        assert NAME not in said
    with acting_for(held_scoring.buyer.lead):
        (kept,) = VendorExplanation.objects.all()
    assert NAME.encode() not in bytes(kept.facts)
    assert PDF not in files.read(kept.blob)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"issued": ""}, "issued", "Write the day the file was issued."),
        ({"issued": "yesterday"}, "issued", "Write a day"),
        ({"issued": "2026-10-02", "expires": "2026-01-01"}, "expires", "The last day lies before"),
        ({"name": "run.exe", "issued": "2026-10-02"}, "file", "Files of this kind"),
        ({"content": b"MZ\x90", "issued": "2026-10-02"}, "file", "not what its name says"),
        ({"content": None, "issued": "2026-10-02"}, "file", "Choose the file that these days"),
        ({"text": "", "issued": "2026-10-02"}, "text", "Write your answer."),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_the_question_open(
    held_scoring, client_for, given, field, sentence
):
    sent = asked_about(held_scoring)
    client, page = put_page_of(held_scoring, client_for)
    shown = client.get(page).content.decode()
    assert '<option value="iso_27001" selected>' in shown  # what the question asks for
    said = {"text": "It is attached.", "kind": "iso_27001", "expires": "", **given}
    name, content = said.pop("name", NAME), said.pop("content", PDF)
    typed = {f"{sent.pk}-{key}": value for key, value in said.items()}
    url = reverse("bids:explain", args=[held_scoring.bids[1].pk, sent.pk])
    came = {} if content is None else {"file": SimpleUploadedFile(name, content)}
    answer = client.post(url, typed | {f"{sent.pk}-{key}": file for key, file in came.items()})
    assert answer.status_code in {415, 422}
    body = html.unescape(answer.content.decode())
    assert sentence in body
    assert f'href="#id_{sent.pk}-{field}"' in body
    assert said["text"] in body
    by_api = client.post(
        f"/api/v1/bids/{held_scoring.bids[1].pk}/put-to-us/{sent.pk}/",
        said | {key: SimpleUploadedFile(name, content) for key in came},
    )
    assert by_api.status_code == answer.status_code
    assert sentence in by_api.json()["fields"][field]
    with acting_for(held_scoring.buyer.lead):
        assert not VendorExplanation.objects.exists()


def stored():
    return sorted(path.name for path in settings.FILES_DIR.rglob("*") if path.is_file())


def test_of_two_answers_at_once_one_stands_and_the_other_leaves_no_file(held_scoring):
    sent = asked_about(held_scoring)
    owner = vendor_of(held_scoring, 1).owner
    with acting_for(owner):
        seen = SentQuestion.objects.select_related("answer", "bid__round__rfp__procurement")
        before = seen.get(pk=sent.pk)  # read while nobody had answered
    explain(held_scoring, sent, at=1, file=certificate(held_scoring))
    kept = stored()
    with acting_for(owner), pytest.raises(WrongState, match="answered no more"):
        explaining.explain(
            sent=before, text="Mine.", actor=owner, file=certificate(held_scoring, ends=9)
        )
    assert stored() == kept
    with acting_for(owner):
        assert VendorExplanation.objects.count() == 1


def test_a_file_comes_by_page_and_by_api(held_scoring, client_for):
    first, second = (asked_about(held_scoring) for _time in range(2))
    client, _page = put_page_of(held_scoring, client_for)
    bid = held_scoring.bids[1].pk
    said = {"text": "It is attached.", "kind": "iso_27001", "issued": "2026-10-02", "expires": ""}
    typed = {f"{first.pk}-{key}": value for key, value in said.items()}
    answer = client.post(
        reverse("bids:explain", args=[bid, first.pk]),
        {**typed, f"{first.pk}-file": SimpleUploadedFile(NAME, PDF)},
    )
    assert answer.status_code == 302
    api = f"/api/v1/bids/{bid}/put-to-us/"
    answer = client.post(f"{api}{second.pk}/", {**said, "file": SimpleUploadedFile(NAME, PDF)})
    assert answer.status_code == 201
    told = [one["file"] for one in client.get(api).json()]
    assert (
        told
        == [
            {
                "name": NAME,
                "size": len(PDF),
                "sha256": hashes.of_bytes(PDF),
                "kind": "iso_27001",
                "issued": "2026-10-02",
                "expires": "",
            }
        ]
        * 2
    )
    assert not held_now(held_scoring)


scores = st.one_of(st.none(), st.decimals(0, 5, places=2))
days = st.one_of(st.just(""), st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)).map(str))
kinds = st.sampled_from(["iso_27001", "pci_dss", ""])
file = st.builds(
    lambda kind, expires: OpenedFile("1.04", "a.pdf", 1, "0" * 64, expires, kind), kinds, days
)


@given(scores, st.decimals("0.01", "4.99", places=2), st.lists(file, max_size=4))
def test_holding_never_raises_a_score_and_evidence_gives_it_back(value, level, files):
    question = Question(held_at=level, evidence_class="iso_27001")
    hold = hold_on(question, files, CLOSED)
    if hold is not None:
        counts = hold.counts(value)
        assert (counts is None) == (value is None)
        assert counts is None or (counts <= value and counts <= level)
        assert counts is None or counts in {value, level}
    there = OpenedFile("1.04", "b.pdf", 1, "1" * 64, CLOSED.isoformat(), "iso_27001")
    assert hold_on(question, [*files, there], CLOSED) is None
    assert hold_on(Question(held_at=None, evidence_class="iso_27001"), files, CLOSED) is None


@pytest.mark.parametrize(
    ("files", "expired"),
    [
        ([("pci_dss", "2030-01-01")], ""),
        ([("iso_27001", "2026-10-01"), ("iso_27001", "2025-01-01")], "2026-10-01"),
    ],
)
def test_a_hold_names_the_latest_file_of_its_own_class(files, expired):
    beside = [OpenedFile("1.04", "a.pdf", 1, "0" * 64, day, kind) for kind, day in files]
    question = Question(held_at=Decimal(3), evidence_class="iso_27001")
    assert hold_on(question, beside, CLOSED) == Hold(Decimal(3), "iso_27001", expired)
