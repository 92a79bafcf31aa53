"""Answers by version: nothing typed is lost, nobody is overwritten, nothing is half saved."""

import datetime as dt

import pytest

from apps.bids import selectors
from apps.bids.models import Answer, AnswerVersion, Attachment, PriceSheet
from apps.bids.services import answering, sheets, teaming
from apps.core import files
from apps.core.errors import Conflict, Incomplete, NotAllowed, TooLarge, WrongState
from apps.core.models import AuditEvent
from tests.conftest import acting_for
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


def save(bid, tender, who, code, raw, version=0):
    with acting_for(who):
        return answering.save_answer(
            bid=bid, question=tender.questions[code], raw=raw, version=version, actor=who
        )


def value(bid, who, code):
    with acting_for(who):
        return selectors.draft_of(bid).values.get(code)


def test_each_save_is_a_version_of_its_own_and_the_last_one_stands(tender, bid_a, vendor_a):
    owner, respondent = vendor_a.owner, vendor_a.respondent
    assert save(bid_a, tender, owner, "1.01", "First.").version == 1
    assert save(bid_a, tender, respondent, "1.01", "Second.", 1).version == 2
    assert value(bid_a, owner, "1.01") == "Second."
    with acting_for(owner):
        history = selectors.history_of(bid_a, tender.questions["1.01"])
    assert [(one.version, one.value, one.saved_by) for one in history] == [
        (2, "Second.", respondent.name),
        (1, "First.", owner.name),
    ]


def test_saving_writes_no_event(tender, bid_a, vendor_a):
    save(bid_a, tender, vendor_a.owner, "1.01", "First.")
    with acting_for(vendor_a.owner):
        assert not AuditEvent.objects.exists()


def test_an_answer_written_on_an_older_version_is_a_conflict_that_shows_what_stands(
    tender, bid_a, vendor_a
):
    save(bid_a, tender, vendor_a.owner, "1.01", "First.")
    save(bid_a, tender, vendor_a.respondent, "1.01", "Second.", 1)
    with pytest.raises(Conflict) as conflict:
        save(bid_a, tender, vendor_a.owner, "1.01", "Mine.", 1)
    current = conflict.value.current
    assert (current["version"], current["answer"], current["shown"]) == (2, "Second.", "Second.")
    assert current["saved_by"] == vendor_a.respondent.name
    assert value(bid_a, vendor_a.owner, "1.01") == "Second."


def test_a_repeated_save_of_the_same_text_is_no_change(tender, bid_a, vendor_a):
    """A browser repeats what was stored but not acknowledged."""
    for _repeat in range(3):
        assert save(bid_a, tender, vendor_a.owner, "1.01", "First.", 0).version == 1
    with acting_for(vendor_a.owner):
        assert AnswerVersion.objects.count() == 1


def test_a_blank_where_nothing_was_leaves_nothing_and_a_blank_later_clears(tender, bid_a, vendor_a):
    assert save(bid_a, tender, vendor_a.owner, "1.01", "  ") is None
    save(bid_a, tender, vendor_a.owner, "1.01", "First.")
    assert save(bid_a, tender, vendor_a.owner, "1.01", "", 1).version == 2
    assert value(bid_a, vendor_a.owner, "1.01") is None
    with acting_for(vendor_a.owner):
        assert Answer.objects.count() == 1


def test_an_earlier_version_is_restored_as_a_new_one(tender, bid_a, vendor_a):
    save(bid_a, tender, vendor_a.owner, "1.05", [{"Year": "2024", "Revenue": "1250.50"}])
    save(bid_a, tender, vendor_a.owner, "1.05", [], 1)
    with acting_for(vendor_a.owner):
        again = answering.restore(
            bid=bid_a, question=tender.questions["1.05"], version=1, actor=vendor_a.owner
        )
    assert again.version == 3
    assert value(bid_a, vendor_a.owner, "1.05") == [{"Year": "2024", "Revenue": "1250.50"}]


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        ("1.01", "word " * 41),
        ("1.01", "a\x00b"),
        ("1.01", ["a list"]),
        ("1.02", "Perhaps"),
        ("1.03", "twelve"),
        ("1.03", "1,250"),
        ("1.03", "-1"),
        ("1.04", ["Identity", "Shoe size"]),
        ("1.05", [{"Year": "2024", "Profit": "1"}]),
        ("1.05", [{"Year": "later"}]),
        ("2.01", "a text where a file belongs"),
        ("2.02", "ISO 9001"),
    ],
)
def test_a_wrong_answer_is_a_sentence_and_saves_nothing(tender, bid_a, vendor_a, code, raw):
    with pytest.raises(Incomplete) as refused:
        save(bid_a, tender, vendor_a.owner, code, raw)
    assert list(refused.value.fields) == ["answer"]
    with acting_for(vendor_a.owner):
        assert (Answer.objects.count(), AnswerVersion.objects.count()) == (0, 0)


def test_nobody_but_the_vendors_own_people_answers(tender, bid_a, vendor_a, vendor_b, buyer):
    for stranger in (vendor_b.owner, buyer.lead):
        with acting_for(vendor_a.owner), pytest.raises(NotAllowed):
            answering.save_answer(
                bid=bid_a,
                question=tender.questions["1.01"],
                raw="Mine.",
                version=0,
                actor=stranger,
            )


def test_after_the_deadline_nothing_is_saved(tender, bid_a, vendor_a, set_clock):
    save(bid_a, tender, vendor_a.owner, "1.01", "In time.")
    set_clock(tender.rfp.round.closes_at)
    with pytest.raises(WrongState, match="The deadline passed on"):
        save(bid_a, tender, vendor_a.owner, "1.01", "Too late.", 1)
    assert value(bid_a, vendor_a.owner, "1.01") == "In time."


def test_a_submitted_bid_takes_no_answer_no_file_and_no_price(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    owner, question = vendor_a.owner, tender.questions["1.01"]
    with acting_for(owner):
        with pytest.raises(WrongState, match="Reopen it first"):
            answering.save_answer(bid=bid_a, question=question, raw="x", version=1, actor=owner)
        with pytest.raises(WrongState, match="Reopen it first"):
            answering.attach(
                bid=bid_a, question=question, name="a.pdf", content=make.PDF, actor=owner
            )
        with pytest.raises(WrongState, match="Reopen it first"):
            sheets.save_price(bid=bid_a, raw=make.SHEET, version=1, actor=owner)


def test_a_section_saves_the_right_answers_and_returns_the_wrong_ones(tender, bid_a, vendor_a):
    ask = tender.questions
    with acting_for(vendor_a.owner):
        refused = answering.save_section(
            bid=bid_a,
            given=[(ask["1.01"], "Right.", 0), (ask["1.02"], "Perhaps", 0), (ask["1.03"], "7", 0)],
            actor=vendor_a.owner,
        )
        values = selectors.draft_of(bid_a).values
    assert list(refused) == ["1.02"]
    # 1.03 depends on 1.02; it is kept, and counts once it is asked.
    assert values == {"1.01": "Right.", "1.03": "7"}


# Evidence


def attach(bid, tender, who, code, name, content):
    with acting_for(who):
        return answering.attach(
            bid=bid, question=tender.questions[code], name=name, content=content, actor=who
        )


def test_a_file_is_kept_encrypted_and_comes_back_as_it_was(tender, bid_a, vendor_a):
    content = make.PDF + b" with a secret"
    held = attach(bid_a, tender, vendor_a.owner, "1.01", "plan.pdf", content)
    stored = files.read(held.blob)
    with acting_for(vendor_a.owner):
        facts, back = selectors.own_file(held)
    assert b"secret" not in stored
    assert b"plan" not in bytes(held.facts)
    assert (facts.name, facts.size, back) == ("plan.pdf", len(content), content)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.exe", b"MZ", "Files of this kind are not taken."),
        ("plan.pdf", b"", "The file is empty."),
        ("plan.pdf", b"PK\x03\x04", "The file is not what its name says."),
        ("plan", b"%PDF-", "Files of this kind are not taken."),
        ("plan.txt", b"a\x00b", "The file is not plain text."),
        ("plan.pdf.exe", b"%PDF-", "Files of this kind are not taken."),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(
    tender, bid_a, vendor_a, name, content, sentence
):
    with pytest.raises(Incomplete) as refused:
        attach(bid_a, tender, vendor_a.owner, "1.01", name, content)
    assert refused.value.fields["file"].startswith(sentence)
    with acting_for(vendor_a.owner):
        assert not Attachment.objects.exists()


def test_a_file_question_takes_the_kinds_it_asks_for(tender, bid_a, vendor_a):
    png = b"\x89PNG\r\n\x1a\n"
    with pytest.raises(Incomplete, match="Attach one of these kinds of file"):
        attach(bid_a, tender, vendor_a.owner, "2.01", "certificate.png", png)


def test_a_file_over_the_limit_is_too_large(tender, bid_a, vendor_a, settings):
    settings.UPLOAD_LIMIT = 2**20
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        attach(bid_a, tender, vendor_a.owner, "1.01", "plan.pdf", b"%PDF-" + bytes(2**20))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\h\\plan.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: x.pdf", "planSet-Cookie x.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("a" * 400 + ".pdf", "a" * 140 + ".pdf"),
    ],
)
def test_tricks_in_a_name_are_taken_out(tender, bid_a, vendor_a, name, kept):
    held = attach(bid_a, tender, vendor_a.owner, "1.01", name, make.PDF)
    with acting_for(vendor_a.owner):
        assert selectors.read_file(held).name == kept


def test_the_same_file_twice_is_one_file_and_a_removed_one_is_gone(tender, bid_a, vendor_a):
    first = attach(bid_a, tender, vendor_a.owner, "1.01", "plan.pdf", make.PDF)
    assert attach(bid_a, tender, vendor_a.owner, "1.01", "plan.pdf", make.PDF).pk == first.pk
    with acting_for(vendor_a.owner):
        for _click in range(2):
            answering.remove_attachment(attachment=first, actor=vendor_a.owner)
        assert selectors.files_of(bid_a) == {}


def test_there_is_an_end_to_the_files_of_a_question(tender, bid_a, vendor_a):
    for number in range(answering.MOST_FILES_PER_QUESTION):
        attach(bid_a, tender, vendor_a.owner, "1.01", f"{number}.txt", b"a")
    with pytest.raises(Incomplete, match="There are enough files here"):
        attach(bid_a, tender, vendor_a.owner, "1.01", "one more.txt", b"a")


# The price sheet


def price(bid, who, raw, version=0):
    with acting_for(who):
        return sheets.save_price(bid=bid, raw=raw, version=version, actor=who)


def test_a_price_sheet_is_kept_when_the_engine_can_price_it(tender, bid_a, vendor_a):
    assert price(bid_a, vendor_a.owner, make.SHEET).version == 1
    assert price(bid_a, vendor_a.owner, make.SHEET).version == 1
    with acting_for(vendor_a.owner):
        page = selectors.price_page(bid_a)
    assert page.price.sheet == make.SHEET
    # By hand: 20 contacts an hour, 10 hours, 5 days, 365/84 weeks a month = 4345.2381 contacts of
    # 5 minutes = 21726.1905 minutes; the first 20,000 at 0.91, the rest at 0.83, in cents:
    # 18,200.00 + 1,432.74 = 19,632.74 a month, 36 months, and the transition of 26,000.
    assert str(page.priced.total) == "732778.64"


def test_a_sheet_on_an_older_version_is_a_conflict(tender, bid_a, vendor_a):
    price(bid_a, vendor_a.owner, make.SHEET)
    with acting_for(vendor_a.owner) as owner:
        readers = [vendor_a.respondent.pk]
        teaming.name_price_readers(bid=bid_a, people=readers, actor=owner)
    mine = {**make.SHEET, "promised_fte": "11"}
    with pytest.raises(Conflict) as conflict:
        price(bid_a, vendor_a.respondent, mine, 0)
    name = vendor_a.owner.name
    assert conflict.value.current == {"version": 1, "sheet": make.SHEET, "saved_by": name}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"model": "managed_service"}, "model"),
        ({"model": None}, "model"),
        ({"rates": {}}, "rates"),
        ({"rates": {**make.SHEET["rates"], "increment_s": "601"}}, "rates.increment_s"),
        ({"rates": {**make.SHEET["rates"], "tiers": [{"rate": "-1"}]}}, "rates.tiers[0].rate"),
        ({"rates": {**make.SHEET["rates"], "discount": "1"}}, "rates.discount"),
        ({"shrinkage": None}, "shrinkage"),
        ({"in_house": True}, "in_house"),
        ({"id": "somebody else"}, "id"),
        ({"promised_fte": 9.5}, "promised_fte"),
        ({"one_offs": [{"name": "A", "amount": "1", "month": 37}]}, "one_offs[0].month"),
    ],
)
def test_a_sheet_that_cannot_be_priced_names_the_place(tender, bid_a, vendor_a, change, path):
    with pytest.raises(Incomplete) as refused:
        price(bid_a, vendor_a.owner, {**make.SHEET, **change})
    assert list(refused.value.fields) == [path]
    with acting_for(vendor_a.owner):
        assert not PriceSheet.objects.exists()


@pytest.mark.parametrize("raw", [None, "text", 5, [], {"model": ["per_minute"]}])
def test_what_is_no_sheet_is_refused(tender, bid_a, vendor_a, raw):
    with pytest.raises(Incomplete):
        price(bid_a, vendor_a.owner, raw)


def test_the_deadline_holds_for_the_price_too(tender, bid_a, vendor_a, set_clock):
    set_clock(tender.rfp.round.closes_at + dt.timedelta(milliseconds=1))
    with pytest.raises(WrongState, match="The deadline passed on"):
        price(bid_a, vendor_a.owner, make.SHEET)
