"""A request for information from the first page to the started tender, by pages and by API."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse

from apps.bids.services import inviting
from apps.core import clock
from apps.core.models import Mail
from apps.rfp.models import Rfp
from tests.conftest import acting_for, sign_in
from tests.factories import information as make
from tests.factories import matrix as stages
from tests.factories.bids import queries
from tests.factories.keys import installation_key
from tests.factories.rfp import accept_all, approve
from tests.factories.sealing import prove_all


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return html.unescape(answer.content.decode())


def told(client, path):
    return client.get(f"/api/v1/{path}")


def test_a_newcomer_meets_it_only_as_a_line_and_essential_is_not_offered_for_it(buyer):
    client = sign_in(buyer.lead)
    case = buyer.procurement.pk
    start = page(client, "rfp:start", case)
    assert "Ask for information first" in start
    assert "shortlist" not in start.lower()
    asked = page(client, "rfp:start", case, kind="information")
    assert "Start a request for information" in asked
    assert 'value="essential"' not in asked
    assert 'value="essential"' in start


def test_terms_and_publication_say_the_rule_and_no_price(buyer):
    with acting_for(buyer.lead):
        rfp = make.draft(buyer)
    client, case = sign_in(buyer.lead), buyer.procurement.pk
    terms = page(client, "rfp:terms", case)
    assert "The best 2 by quality points are taken" in terms
    assert "Price formula" not in terms
    assert "Weight of price" not in terms
    publishing = page(client, "rfp:publish", case)
    assert "The best 2 by quality points are taken" in publishing
    assert "Best and final offers" not in publishing
    assert client.get(reverse("rfp:workload", args=[case])).status_code == 404
    rail = page(client, "workspace:procurement", case)
    assert reverse("matrix:shortlist", args=[case]) in rail
    assert reverse("pricing:comparison", args=[case]) not in rail
    assert reverse("decision:walk", args=[case]) not in rail
    answer = client.post(
        reverse("rfp:terms", args=[case]),
        {
            **{f"fact-{key}": value for key, value in facts_of(rfp).items()},
            "rule": "minimum",
            "least": "",
            "missing_policy": "zero",
            "hidden_counts": "leaves",
        },
    )
    assert answer.status_code == 422
    assert "Give the quality points, above 0 and up to 100." in answer.content.decode()


def facts_of(rfp):
    return {
        key: ("yes" if value else "no") if isinstance(value, bool) else value
        for key, value in rfp.facts.items()
    }


def test_a_tender_has_no_shortlist_page_to_speak_of(buyer):
    with acting_for(buyer.lead) as lead:
        stages.make_rfp(buyer.procurement, lead)
    client, case = sign_in(buyer.lead), buyer.procurement.pk
    assert "This procurement is a tender." in page(client, "matrix:shortlist", case)
    assert reverse("matrix:shortlist", args=[case]) not in page(client, "rfp:terms", case)


def test_the_page_shows_the_list_and_only_another_person_confirms(information_locked, buyer):
    case = information_locked.procurement.pk
    lead, opener = sign_in(buyer.lead), sign_in(buyer.opener)
    assert "What the rule gives" in page(lead, "matrix:shortlist", case)
    assert "Propose the shortlist" in page(lead, "workspace:procurement", case)
    assert lead.post(reverse("matrix:propose_shortlist", args=[case])).status_code == 302
    shown = page(lead, "matrix:shortlist", case)
    assert "waits for a second person" in shown
    assert "Confirm and tell the vendors" not in shown
    confirming = page(opener, "matrix:shortlist", case)
    address = re.search(r'action="([^"]+/confirm/)"', confirming).group(1)
    assert lead.post(address).status_code == 403
    assert opener.post(address).status_code == 302
    assert "Every vendor was told about itself" in page(lead, "matrix:shortlist", case)
    assert "Start the tender" not in page(opener, "matrix:shortlist", case)


def test_a_tie_is_chosen_on_the_page(information_tied, buyer):
    case, lead = information_tied.procurement.pk, sign_in(buyer.lead)
    address = reverse("matrix:propose_shortlist", args=[case])
    refused = lead.post(address, {"reason": "So."})
    assert refused.status_code == 422
    assert "Choose 1 of those that tie" in refused.content.decode()
    chosen = str(information_tied.bids[2].pk)
    stranger = lead.post(address, {"chosen": [str(information_tied.rfp.pk)], "reason": "So."})
    assert stranger.status_code == 422
    given = {"chosen": [chosen], "reason": "A site in the north."}
    assert lead.post(address, given).status_code == 302
    assert "A site in the north." in page(lead, "matrix:shortlist", case)


QUERIES = 24  # of the page of the list, whatever there is on it


def test_the_list_of_one_costs_a_known_number_of_statements(information_of_one, buyer):
    address = reverse("matrix:shortlist", args=[information_of_one.procurement.pk])
    assert queries(sign_in(buyer.lead), address) == QUERIES


def test_a_longer_list_costs_no_more(information_read, buyer):
    address = reverse("matrix:shortlist", args=[information_read.procurement.pk])
    assert queries(sign_in(buyer.lead), address) == QUERIES


@pytest.mark.parametrize("name", ["matrix:shortlist", "matrix:start_tender"])
def test_no_vendor_and_no_stranger_reaches_the_list(information_decided, other_buyer, name):
    address = reverse(name, args=[information_decided.procurement.pk])
    for person in (information_decided.vendors[0].owner, other_buyer.lead):
        client = sign_in(person)
        call = client.get if name == "matrix:shortlist" else client.post
        assert call(address).status_code == 404
    for place in ("shortlist/", "shortlist/tender/", "invitations/shortlisted/"):
        path = f"/api/v1/procurements/{information_decided.procurement.pk}/{place}"
        for person in (information_decided.vendors[0].owner, other_buyer.lead):
            assert sign_in(person).post(path).status_code == 404


def test_a_vendor_finds_on_none_of_its_pages_who_else_was_there_or_how_many(information_decided):
    for place, vendor in enumerate(information_decided.vendors):
        client, bid = sign_in(vendor.owner), information_decided.bids[place]
        read = " ".join(
            page(client, f"bids:{name}", bid.pk)
            for name in ("portal", "result", "about", "receipt", "notices", "questions", "data")
        )
        read += told(client, f"bids/{bid.pk}/").content.decode()
        read += told(client, f"bids/{bid.pk}/result/").content.decode()
        own = vendor.organisation.name
        assert not any(name in read for name in make.NAMES if name != own), own
        assert not any(str(one.pk) in read for one in information_decided.bids if one != bid)
        answer = told(client, f"bids/{bid.pk}/result/").json()
        assert set(answer) == {"taken", "points", "because", "rule"}
        assert answer["taken"] == (place < 2)
        for other in information_decided.bids:
            if other != bid:
                assert told(client, f"bids/{other.pk}/result/").status_code == 404
                address = reverse("bids:result", args=[other.pk])
                assert client.get(address).status_code == 404


def test_before_the_confirmation_there_is_no_result_page(information_locked):
    make.propose(information_locked)
    client = sign_in(information_locked.vendors[0].owner)
    bid = information_locked.bids[0]
    assert client.get(reverse("bids:result", args=[bid.pk])).status_code == 404
    assert told(client, f"bids/{bid.pk}/result/").status_code == 404
    assert "shortlist" not in page(client, "bids:portal", bid.pk).lower().replace(
        "for those on the shortlist", ""
    )


def test_the_vendor_s_pages_ask_for_no_price(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = make.publish(make.draft(buyer), lead)
        _one, token = make.invited(rfp, lead, make.NAMES[:1])[0]
    accepted = inviting.accept(token=token, password="a long test password")
    client, bid = sign_in(accepted.user), accepted.bid
    tasks = page(client, "bids:portal", bid.pk)
    assert "no price is asked for" in tasks
    assert "Price sheet" not in tasks
    about = page(client, "bids:about", bid.pk)
    assert "The best 2 by quality points are taken" in about
    assert "How the price is scored" not in about
    assert client.get(reverse("bids:price", args=[bid.pk])).status_code == 404
    team = page(client, "bids:team", bid.pk)
    assert "Who sees the price" not in team
    assert "Pricing: the price response" not in team
    price = {"sign-price": [str(accepted.user.pk)]}
    assert client.post(reverse("bids:sign_offs", args=[bid.pk]), price).status_code == 422


def published_by_pages(lead, buyer, case):
    """Started, given its terms and its deadline, and published, by forms; its questions by services."""
    started = lead.post(
        reverse("rfp:start", args=[case]),
        {"questionnaire": "empty", "kind": "information", "preset": "assured"},
    )
    assert started.status_code == 302
    with acting_for(buyer.lead) as person:
        rfp = Rfp.objects.select_related("procurement").get(procurement=case)
        assert rfp.kind == "information"
        make.write_questions(rfp, person)
    terms = {
        **{f"fact-{key}": value for key, value in facts_of(rfp).items()},
        "introduction": "Who could run our night line?",
        "rule": "best",
        "most": "1",
        "missing_policy": "zero",
        "hidden_counts": "leaves",
    }
    saved = lead.post(reverse("rfp:terms", args=[case]), terms)
    assert saved.status_code == 302, saved.content.decode()[-3000:]
    day = (clock.now() + dt.timedelta(days=21)).date().isoformat()
    deadline = {"day": day, "time": "12:00", "zone": "Europe/London"}
    assert lead.post(reverse("rfp:deadline", args=[case]), deadline).status_code == 302
    with acting_for(buyer.lead) as person:
        fresh = Rfp.objects.select_related("procurement").get(pk=rfp.pk)
        accept_all(fresh, person)
        approve(fresh, person)
        prove_all(fresh)
    assert lead.post(reverse("rfp:publish", args=[case])).status_code == 302
    return rfp


@pytest.mark.parametrize("name", ["receipt", "data", "team"])
def test_where_answers_are_asked_for_no_page_speaks_of_a_bid(information_opened, name):
    stage = information_opened
    client, bid = sign_in(stage.vendors[0].owner), stage.bids[0]
    said = re.sub(r"<[^>]*>", " ", page(client, f"bids:{name}", bid.pk))
    assert re.findall(r"[^.]*\b[Bb]ids?\b[^.]*", said) == []
    if name == "receipt":
        assert "Your answers were opened" in said
        assert "One envelope" in said


def test_the_mail_of_a_receipt_speaks_of_answers(information_opened):
    with acting_for(information_opened.vendors[0].owner):
        mail = Mail.objects.filter(event__startswith="bids.receipt:").first()
    assert mail.text.count("nswers") == 2
    assert "bid" not in mail.text.split("http", maxsplit=1)[0]


def test_from_the_request_to_the_started_tender_by_pages(buyer, set_clock):
    """One buyer, two vendors; a second person at each place that asks for one."""
    installation_key()
    lead, opener, case = sign_in(buyer.lead), sign_in(buyer.opener), buyer.procurement.pk
    rfp = published_by_pages(lead, buyer, case)
    stage = invite_and_answer(lead, buyer, rfp, set_clock)
    make.open_answers(stage)
    stages.to_lock(stage)
    assert lead.post(reverse("matrix:propose_shortlist", args=[case])).status_code == 302
    shown = page(opener, "matrix:shortlist", case)
    address = re.search(r'action="([^"]+/confirm/)"', shown).group(1)
    assert opener.post(address).status_code == 302
    given = {"title": "Night line", "reference": "NL-2", "source": "copy", "preset": "assured"}
    followed = lead.post(reverse("matrix:start_tender", args=[case]), given)
    assert followed.status_code == 302
    with acting_for(buyer.lead):
        tender = Rfp.objects.select_related("procurement").get(follows=rfp)
        assert tender.procurement.title == "Night line"
    assert "staff the first ninety days" in html.unescape(lead.get(followed.url).content.decode())


def invite_and_answer(lead, buyer, rfp, set_clock):
    """Both vendors answer by API from their own accounts; then the deadline passes."""
    for name in make.NAMES[:2]:
        given = {
            "vendor_name": name,
            "contact": f"{name} Desk",
            "email": f"desk@{name.split()[0].lower()}.example",
        }
        answer = lead.post(reverse("bids:invite", args=[rfp.procurement_id]), given)
        assert answer.status_code == 302
    with acting_for(buyer.lead):
        fresh = Rfp.objects.select_related("procurement__organisation", "round").get(pk=rfp.pk)
    stage = make.stage_of(buyer, fresh)
    for token in make.tokens_of(buyer):
        make.answered(stage, token, stages.ANSWERS)
    set_clock(fresh.round.closes_at + fresh.round.grace + dt.timedelta(seconds=1))
    return stage
