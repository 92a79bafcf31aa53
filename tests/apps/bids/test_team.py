"""The vendor's own people: sections shared, the price for those who are named, sign-offs, comments."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import (
    Answer,
    AnswerVersion,
    Attachment,
    Comment,
    Delegation,
    PriceReader,
    PriceSheet,
    SectionVisit,
    SignOff,
    SignOffDuty,
)
from apps.bids.services import answering, assuming, commenting, sheets, signing_off, teaming
from apps.bids.states import SignOffPart
from apps.core.errors import Incomplete, NotAllowed, NotFound
from apps.core.models import Mail
from apps.rfp.states import EnvelopeKind
from apps.workspace.states import MemberRole
from tests.apps.bids.addresses import answers
from tests.apps.bids.conftest import open_as
from tests.apps.bids.test_secrecy import tables_with
from tests.conftest import acting_for, add_member, make_user, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
CANARY = "plover-93d1"
TEAM = (Comment, Delegation, PriceReader, SectionVisit, SignOff, SignOffDuty)


@pytest.fixture
def filled(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a, **{"3.01": f"Volumes as in the RFP. {CANARY}"})
    with acting_for(vendor_a.owner) as owner:
        answering.attach(
            bid=bid_a,
            question=tender.questions["3.01"],
            name=f"{CANARY}.pdf",
            content=make.PDF + b"\n% prices",
            actor=owner,
        )
    return bid_a


@pytest.fixture
def third(vendor_a):
    return add_member(vendor_a.organisation, make_user("Third Person"), MemberRole.RESPONDENT)


def readers(bid, owner, *people):
    with acting_for(owner):
        teaming.name_price_readers(bid=bid, people=[one.pk for one in people], actor=owner)


def duties(bid, owner, **people):
    asked = {SignOffPart(part): [one.pk for one in held] for part, held in people.items()}
    with acting_for(owner):
        teaming.ask_for_sign_offs(bid=bid, duties=asked, actor=owner)


def sign(bid, who, part):
    with acting_for(who):
        fingerprint = selectors.fingerprint_of(bid, SignOffPart(part))
        return signing_off.sign_off(
            bid=bid, part=SignOffPart(part), fingerprint=fingerprint, actor=who
        )


def save(bid, tender, who, code, raw, version):
    with acting_for(who):
        return answering.save_answer(
            bid=bid, question=tender.questions[code], raw=raw, version=version, actor=who
        )


# The price


def test_a_file_of_the_price_response_never_joins_what_the_team_sees(filled, tender, vendor_a):
    """The fixture attached one for the owner; the store of evidence is open to all colleagues."""
    page = sign_in(vendor_a.respondent).get(reverse("bids:evidence", args=[filled.pk]))
    assert "evidence.pdf" in page.content.decode()
    assert CANARY not in page.content.decode()
    with acting_for(vendor_a.owner) as owner:
        assert selectors.files_of(filled)[tender.questions["3.01"].pk][0].name == f"{CANARY}.pdf"
        assert CANARY not in str(selectors.evidence_page(owner, filled))


def test_only_a_reader_of_the_price_marks_its_answers_as_confidential(filled, tender, vendor_a):
    given = {"bid": filled, "question": tender.questions["3.01"]}
    with acting_for(vendor_a.respondent) as user:
        with pytest.raises(NotAllowed):
            assuming.mark(**given, reason="Ours", actor=user)
        with pytest.raises(NotAllowed):
            assuming.unmark(**given, actor=user)


def priced_urls(bid, tender, owner):
    question = tender.questions["3.01"].pk
    with acting_for(owner):
        file = Attachment.objects.get(bid=bid, question=question).pk
    return [
        reverse("bids:price", args=[bid.pk]),
        reverse("bids:section", args=[bid.pk, "3"]),
        reverse("bids:history", args=[bid.pk, question]),
        reverse("bids:comments", args=[bid.pk, question]),
        reverse("bids:file", args=[bid.pk, file]),
    ]


def other_urls(bid, tender):
    names = ("portal", "about", "team", "check", "questions", "notices", "data", "mine")
    return [
        *(reverse(f"bids:{name}", args=[bid.pk] if name != "mine" else []) for name in names),
        reverse("bids:section", args=[bid.pk, "1"]),
        reverse("bids:history", args=[bid.pk, tender.questions["1.01"].pk]),
        "/api/v1/bids/",
        f"/api/v1/bids/{bid.pk}/",
        f"/api/v1/bids/{bid.pk}/questions/",
    ]


def test_the_price_is_nowhere_for_a_respondent_whom_the_owner_did_not_name(
    filled, tender, vendor_a
):
    client = sign_in(vendor_a.respondent)
    for url, status, text in answers(client, priced_urls(filled, tender, vendor_a.owner)):
        assert status == 404, url
        assert CANARY not in text, url
    secrets = (CANARY, "0.91", "732,778", "Saved by Velora Connect Owner")
    for url, status, text in answers(client, other_urls(filled, tender)):
        assert status in {200, 302}, url
        assert [one for one in secrets if one in text] == [], url
    assert "price" not in client.get(f"/api/v1/bids/{filled.pk}/").json()


def test_a_respondent_whom_the_owner_did_not_name_writes_no_price(filled, tender, vendor_a):
    client, question = sign_in(vendor_a.respondent), tender.questions["3.01"].pk
    posts = [
        reverse("bids:price", args=[filled.pk]),
        reverse("bids:save_price", args=[filled.pk]),
        reverse("bids:section", args=[filled.pk, "3"]),
        reverse("bids:answer", args=[filled.pk, question]),
        reverse("bids:restore", args=[filled.pk, question]),
        reverse("bids:attach", args=[filled.pk, question]),
        reverse("bids:comments", args=[filled.pk, question]),
    ]
    assert [client.post(url, {}).status_code for url in posts] == [404] * len(posts)
    sent = {"sheet": make.SHEET, "version": 1}
    puts = [(f"/api/v1/bids/{filled.pk}/price/", sent)]
    puts += [(f"/api/v1/bids/{filled.pk}/answers/3.01/", {"answer": "x", "version": 1})]
    for url, body in puts:
        assert client.put(url, body, content_type="application/json").status_code == 404, url
    with acting_for(vendor_a.respondent) as who, pytest.raises(NotAllowed):
        sheets.save_price(bid=filled, raw=make.SHEET, version=1, actor=who)


def test_the_database_itself_shows_such_a_respondent_no_price(filled, tender, vendor_a):
    """No filter of the application here; the owner finds what is searched for."""
    question = tender.questions["3.01"].pk
    with acting_for(vendor_a.respondent):
        assert PriceSheet.objects.count() == 0
        for model in (Answer, AnswerVersion, Attachment):
            assert model.objects.filter(bid=filled).exists()
            assert not model.objects.filter(question=question).exists(), model
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            PriceReader.objects.create(
                organisation_id=filled.organisation_id,
                vendor_id=filled.vendor_id,
                bid=filled,
                reader=vendor_a.respondent,
            )
    with acting_for(vendor_a.owner):
        assert PriceSheet.objects.count() == 1
        assert Answer.objects.filter(question=question).exists()


def test_whom_the_owner_names_sees_the_price_until_taken_out(filled, tender, vendor_a):
    client = sign_in(vendor_a.respondent)
    urls = priced_urls(filled, tender, vendor_a.owner)
    readers(filled, vendor_a.owner, vendor_a.respondent)
    assert [status for _url, status, _text in answers(client, urls)] == [200] * len(urls)
    readers(filled, vendor_a.owner)
    assert [status for _url, status, _text in answers(client, urls)] == [404] * len(urls)


def test_a_sealed_bid_holds_the_whole_price_response(filled, tender, vendor_a, buyer, after_grace):
    """What a respondent does not see is submitted all the same, by the owner."""
    make.submit(filled, vendor_a)
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    client = sign_in(vendor_a.respondent)
    for url, status, text in answers(
        client, [reverse("bids:receipt", args=[filled.pk]), reverse("bids:check", args=[filled.pk])]
    ):
        assert status == 200, url
        assert "0.91" not in text, url
        assert CANARY not in text, url


# Sharing the work


def test_sections_are_shared_and_each_finds_their_own_first(filled, vendor_a):
    owner, respondent = vendor_a.owner, vendor_a.respondent
    url = reverse("bids:delegate", args=[filled.pk])
    posted = {"section-1": str(respondent.pk), "section-2": ""}
    assert sign_in(owner).post(url, posted).status_code == 302
    page = sign_in(respondent).get(reverse("bids:portal", args=[filled.pk])).content.decode()
    assert "Yours to answer" in page
    assert (
        "Yours to answer"
        not in sign_in(owner).get(reverse("bids:portal", args=[filled.pk])).content.decode()
    )
    with acting_for(owner):
        team = {one.name: one for one in selectors.team_page(owner, filled).people}
    assert team[respondent.name].answered == team[respondent.name].questions == 5
    assert [one.section.code for one in team[respondent.name].sections] == ["1"]
    assert team[owner.name].sections == ()


@pytest.mark.parametrize("page", ["delegate", "price_readers", "sign_offs"])
def test_only_the_owner_shares_the_work(page, filled, vendor_a, vendor_b):
    url = reverse(f"bids:{page}", args=[filled.pk])
    assert sign_in(vendor_a.respondent).post(url, {}).status_code == 403
    assert sign_in(vendor_b.owner).post(url, {}).status_code == 404


@pytest.mark.parametrize(
    ("page", "field", "sentence"),
    [
        ("delegate", "section-3", "Let Velora Connect Respondent see the price first."),
        ("sign_offs", "sign-price", "cannot sign a price off unseen"),
    ],
)
def test_work_on_the_price_goes_to_nobody_who_does_not_see_it(
    page, field, sentence, filled, vendor_a
):
    url = reverse(f"bids:{page}", args=[filled.pk])
    answer = sign_in(vendor_a.owner).post(url, {field: str(vendor_a.respondent.pk)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with acting_for(vendor_a.owner):
        assert (Delegation.objects.count(), SignOffDuty.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["not-an-id", "stranger"])
def test_nobody_outside_the_team_gets_work(who, filled, vendor_a, vendor_b):
    given = str(vendor_b.owner.pk) if who == "stranger" else who
    url = reverse("bids:price_readers", args=[filled.pk])
    answer = sign_in(vendor_a.owner).post(url, {"reader": given})
    assert (answer.status_code, "Choose somebody of your team" in answer.content.decode()) == (
        422,
        True,
    )


def test_who_works_on_the_price_keeps_seeing_it(filled, vendor_a):
    owner, respondent = vendor_a.owner, vendor_a.respondent
    readers(filled, owner, respondent)
    duties(filled, owner, price=[respondent])
    with pytest.raises(Incomplete, match="works on the price"):
        readers(filled, owner)


# Comments


def say(bid, tender, who, code, text, *mentioned):
    with acting_for(who):
        return commenting.comment(
            bid=bid,
            question=tender.questions[code],
            text=text,
            mentioned=[one.pk for one in mentioned],
            actor=who,
        )


def test_a_comment_reaches_the_team_and_a_mail_the_mentioned(filled, tender, vendor_a):
    owner, respondent = vendor_a.owner, vendor_a.respondent
    url = reverse("bids:comments", args=[filled.pk, tender.questions["1.01"].pk])
    given = {"text": f"Is this still so? {CANARY}", "mentioned": str(respondent.pk)}
    assert sign_in(owner).post(url, given).status_code == 302
    page = sign_in(respondent).get(url).content.decode()
    assert f"Is this still so? {CANARY}" in page
    with acting_for(owner):
        sent = Mail.objects.get(event__startswith="bids.mention")
    assert sent.recipient == respondent.email
    assert CANARY not in sent.text + sent.html + sent.subject


def test_no_comment_reaches_the_buyer_an_envelope_or_a_column(
    filled, tender, both, buyer, after_grace
):
    word, (vendor_a, vendor_b) = "dunlin-77aa", (vendor for _bid, vendor, _mark in both)
    say(filled, tender, vendor_a.owner, "1.01", f"Between us: {word}", vendor_a.respondent)
    make.submit(filled, vendor_a)
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead) as lead:
        assert word not in str(selectors.opened_answers(lead, make.read(tender)))
    for stranger in (buyer.lead, buyer.auditor, vendor_b.owner):
        with acting_for(stranger):
            assert [model.objects.count() for model in TEAM] == [0] * len(TEAM)
            assert tables_with(word) == []
    with acting_for(vendor_a.owner):
        assert tables_with(word) == []
        assert Comment.objects.count() == 1


def test_a_comment_on_the_price_mentions_nobody_who_does_not_see_it(filled, tender, vendor_a):
    with pytest.raises(Incomplete, match="to whom this question is shown"):
        say(filled, tender, vendor_a.owner, "3.01", "Too low?", vendor_a.respondent)
    say(filled, tender, vendor_a.owner, "3.01", "Too low?")
    with acting_for(vendor_a.respondent):
        assert Comment.objects.count() == 0
    with pytest.raises(NotFound):
        say(filled, tender, vendor_a.respondent, "3.01", "Let me see.")


@pytest.mark.parametrize(("text", "sentence"), [("  ", "Write what you"), ("x" * 2001, "Keep a")])
def test_a_wrong_comment_is_a_sentence(text, sentence, filled, tender, vendor_a):
    url = reverse("bids:comments", args=[filled.pk, tender.questions["1.01"].pk])
    answer = sign_in(vendor_a.owner).post(url, {"text": text})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_what_was_signed_or_said_is_never_changed(filled, tender, vendor_a):
    duties(filled, vendor_a.owner, quality=[vendor_a.owner])
    sign(filled, vendor_a.owner, "quality")
    say(filled, tender, vendor_a.owner, "1.01", "Once said.")
    with acting_for(vendor_a.owner):
        for model, column in ((SignOff, "fingerprint"), (Comment, "ciphertext")):
            table = model._meta.db_table
            assert model.objects.count() == 1
            change = f'UPDATE "{table}" SET {column} = {column}'
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(change)


@pytest.mark.parametrize("name", ["team", "comments"])
def test_these_pages_cost_the_same_for_one_and_for_three(name, filled, tender, vendor_a):
    owner, question = vendor_a.owner, tender.questions["1.01"].pk
    more = [question] if name == "comments" else []
    url, client = reverse(f"bids:{name}", args=[filled.pk, *more]), sign_in(owner)
    say(filled, tender, owner, "1.01", "One.")
    with acting_for(owner):
        teaming.delegate(bid=filled, people={"1": owner.pk}, actor=owner)
    before = make.queries(client, url)
    for number in range(2):
        person = add_member(
            vendor_a.organisation, make_user(f"Person {number}"), MemberRole.RESPONDENT
        )
        say(filled, tender, owner, "1.01", f"More {number}.", person)
        with acting_for(owner):
            teaming.delegate(bid=filled, people={"2": person.pk}, actor=owner)
    assert make.queries(client, url) == before
