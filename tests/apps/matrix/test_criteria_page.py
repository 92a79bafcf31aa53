"""Points by criterion: one section at a time, adding up to what the matrix shows for it."""

import html
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core.errors import NotFound
from apps.matrix import selectors
from apps.matrix.selectors.criteria_page import criteria_page
from tests.conftest import acting_for


def standing(stage):
    with acting_for(stage.buyer.lead) as lead:
        return selectors.standing(
            lead, selectors.desk_for(lead, procurement_id=stage.procurement.pk)
        )


def shown(client, stage, **wanted):
    return client.get(reverse("matrix:criteria", args=[stage.procurement.pk]), wanted)


def test_the_criteria_of_a_section_add_up_to_its_points(locked):
    held = standing(locked)
    for part in held.parts:
        page = criteria_page(held, part.code)
        assert page.rows
        assert sum(Decimal(row.part.weight) for row in page.rows) == pytest.approx(
            Decimal(part.weight), abs=Decimal("0.000001")
        )
        for place, bidder in enumerate(held.admitted):
            given = sum(Decimal(row.cells[place].points) for row in page.rows)
            assert given == pytest.approx(
                Decimal(held.points(bidder, part.id)), abs=Decimal("0.000001")
            )


def test_each_section_is_one_click_away_and_names_its_criteria(locked, client_for):
    client = client_for(locked.buyer.executive)
    matrix = client.get(reverse("matrix:ranking", args=[locked.procurement.pk])).content.decode()
    assert reverse("matrix:criteria", args=[locked.procurement.pk]) in matrix
    first, second = (
        html.unescape(shown(client, locked, section=one).content.decode()) for one in "12"
    )
    assert ("1.01" in first, "2.02" in first) == (True, False)
    assert ("1.01" in second, "2.02" in second) == (False, True)
    assert '?section=2"' in first
    assert 'href="?section=1" aria-current="true"' in shown(client, locked).content.decode()


def test_there_is_nothing_before_the_lock(agreeing, client_for):
    client = client_for(agreeing.buyer.lead)
    answer = shown(client, agreeing)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("matrix:ranking", args=[agreeing.procurement.pk]),
    )


def test_a_section_that_is_not_there_is_a_sentence(locked, client_for):
    assert shown(client_for(locked.buyer.lead), locked, section="9").status_code == 404
    with pytest.raises(NotFound, match="no such section"):
        criteria_page(standing(locked), "price")
