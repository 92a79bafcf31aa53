"""A final offer while it is typed: saved by version, never over a colleague's, offered by nobody unread."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from apps.bids import selectors
from apps.bids.services import teaming
from apps.bids.states import Offer, SignOffPart
from tests.apps.bids.test_saving_prices import JSON, TYPED
from tests.conftest import acting_for, sign_in
from tests.factories import offers as make


@pytest.fixture
def asked(offers_asked):
    return offers_asked


@pytest.fixture
def pair(asked):
    """The owner's client and that of a colleague who sees the price."""
    people, bid = asked.vendors[0], asked.bids[0]
    with acting_for(people.owner) as owner:
        teaming.name_price_readers(bid=bid, people=[people.respondent.pk], actor=owner)
    return sign_in(people.owner), sign_in(people.respondent)


def address(asked, name="save_final_offer", place=0):
    return reverse(f"bids:{name}", args=[asked.bids[place].pk])


@pytest.fixture
def save(asked):
    """Save as the page's script does."""

    def post(client, version, **changes):
        url = f"{address(asked)}?model=per_minute"
        return client.post(url, {**TYPED, **changes}, headers={**JSON, "If-Match": f'"{version}"'})

    return post


def held(asked):
    with acting_for(asked.vendors[0].owner):
        return selectors.price_of(asked.bids[0], offer=Offer.FINAL)


def rate(text):
    return {"rates.tiers[0].rate": text}


def test_typing_saves_by_version_and_offers_nothing(pair, save, asked):
    answer = save(pair[0], 0).json()
    assert answer["version"] == 1
    assert "over the term" in answer["total"]
    assert save(pair[0], 1, **rate("0.77")).json()["version"] == 2
    assert held(asked).sheet["rates"]["tiers"][0]["rate"] == "0.77"
    with acting_for(asked.vendors[0].owner):
        assert asked.bids[0].submissions.count() == 1, "the first offer, and no other"


def test_who_is_slower_gets_both_figures_and_decides(pair, save, asked):
    save(pair[0], 0, **rate("0.77"))
    refused = save(pair[1], 0, **rate("0.75"))
    assert refused.status_code == HTTPStatus.PRECONDITION_FAILED
    name = asked.vendors[0].owner.name
    assert refused.json()["current"]["shown"] == f"Tiers 1, Rate: 0.77 by {name}, 0.75 by you"
    assert save(pair[1], 1, **rate("0.75")).json()["version"] == 2


def test_without_scripts_the_page_shows_both_and_keeps_what_was_typed(pair, save, asked):
    save(pair[0], 0, **rate("0.77"))
    page = pair[1].post(address(asked, "final_offer"), {**TYPED, **rate("0.75"), "version": "0"})
    text = page.content.decode()
    assert page.status_code == HTTPStatus.PRECONDITION_FAILED
    assert f"{asked.vendors[0].owner.name} changed the price sheet meanwhile" in text
    assert '<td class="num">0.75</td><td class="num">0.77</td>' in text
    assert 'name="version" value="1"' in text


def test_a_sheet_that_is_not_complete_waits_on_the_device(pair, save, asked):
    waits = save(pair[0], 0, **rate("plenty"))
    assert waits.status_code == HTTPStatus.ACCEPTED
    assert waits.json()["detail"].startswith("Not complete yet, so not saved. ")
    assert held(asked) is None


def test_the_page_gives_the_script_its_address_and_version(pair, save, asked):
    save(pair[0], 0, **rate("0.77"))
    text = pair[0].get(address(asked, "final_offer")).content.decode()
    assert f'data-autosave="{address(asked)}?model=per_minute" data-version="1"' in text


def test_what_was_not_read_is_not_submitted(pair, save, asked):
    """A colleague's figures, saved between reading and clicking, are shown before they are sealed."""
    save(pair[0], 0, **rate("0.77"))
    read = pair[0].get(address(asked, "final_offer")).content.decode()
    assert '<input type="hidden" name="version" value="1"><button' in read.replace("\n", "")
    save(pair[1], 1, **rate("0.71"))
    refused = pair[0].post(address(asked, "submit_final_offer"), {"version": "1"})
    assert refused.status_code == HTTPStatus.PRECONDITION_FAILED
    assert "the price sheet was saved again since you read it" in refused.content.decode()
    assert 'value="0.71"' in refused.content.decode()
    with acting_for(asked.vendors[0].owner):
        assert asked.bids[0].submissions.count() == 1
    sent = pair[0].post(address(asked, "submit_final_offer"), {"version": "2"})
    assert sent.status_code == HTTPStatus.FOUND


def test_a_refused_submission_shows_the_saved_figures_not_the_first_ones(pair, save, asked):
    """Else the next save would put the first offer over the final one."""
    bid, owner = asked.bids[0], asked.vendors[0].owner
    with acting_for(owner):
        duties = {SignOffPart.PRICE: [owner.pk], SignOffPart.QUALITY: []}
        teaming.ask_for_sign_offs(bid=bid, duties=duties, actor=owner)
    save(pair[0], 0, **rate("0.77"))
    refused = pair[0].post(address(asked, "submit_final_offer"), {"version": "1"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="0.77"' in refused.content.decode()
    assert 'value="0.91"' not in refused.content.decode()


def test_nobody_else_saves_it(asked, save):
    others = (
        asked.vendors[0].respondent,  # sees no price
        asked.vendors[1].owner,
        asked.vendors[2].owner,
        asked.buyer.lead,
    )
    for person in others:
        assert save(sign_in(person), 0).status_code == HTTPStatus.NOT_FOUND, person
    assert held(asked) is None
    left_out = address(asked, place=2)
    assert sign_in(asked.vendors[2].owner).post(left_out).status_code == HTTPStatus.NOT_FOUND


def test_after_the_closing_nothing_is_saved(pair, save, asked, set_clock):
    save(pair[0], 0, **rate("0.77"))
    set_clock(make.after_closing(asked))
    late = save(pair[0], 1, **rate("0.70"))
    assert late.status_code == HTTPStatus.CONFLICT
    assert "deadline passed" in late.json()["detail"]
    assert held(asked).version == 1
