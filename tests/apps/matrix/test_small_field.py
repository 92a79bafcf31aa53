"""With one or two admitted bids nothing claims that the result is firm, on any page or endpoint."""

import pytest
from django.urls import reverse

from apps.matrix.services import ranking as freezing
from tests.apps.matrix.test_ranking_page import PUBLISHED, words
from tests.conftest import acting_for
from tests.factories import matrix as make

CLAIMS = (
    "plausible weightings", "weightings of the sections", "How often each vendor takes each rank",
    "Who leads at every possible weight", "What would change the result", "Under other price formulae",
    "would lead. Now", "The smallest shift", "No shift of weights", "Take out any one",
)  # fmt: skip


def frozen_with_prices(stage):
    make.priced(stage)
    with acting_for(stage.buyer.lead) as lead:
        freezing.freeze(scoring_round=stage.round_for(lead), actor=lead)
    return stage


def shown(stage, client, **query):
    return client.get(reverse("matrix:ranking", args=[stage.procurement.pk]), query)


@pytest.mark.parametrize("left", [1, 2])
def test_prices_are_held_to_the_published_cap_and_no_weighting_is_claimed(
    buyer, vendors, set_clock, client_for, left
):
    """Prices of 1,200,000 and 1,500,000 under a cap of 2,200,000."""
    out = {place: {"2.01": "96"} for place in range(left, 3)}
    stage = make.opened(buyer, vendors, set_clock, answers=out)
    stage = frozen_with_prices(make.to_lock(stage))
    client = client_for(buyer.lead)
    text = words(shown(stage, client))
    noun = "bid is" if left == 1 else "bids are"
    assert f"{left} {noun} admitted: too few to say how firm the result is" in text
    assert "Velora Connect £1,200,000.00 £2,200,000.00 £1,000,000.00 below it" in text
    assert ("Castellan CX £1,500,000.00 £2,200,000.00 £700,000.00 below it" in text) is (left == 2)
    assert [claim for claim in CLAIMS if claim in text] == []
    assert "10,000 weightings" not in text
    assert "The price points say nothing here" not in text  # its formula is absolute
    tried = words(shown(stage, client, **PUBLISHED))
    assert [claim for claim in CLAIMS if claim in tried] == []
    place = f"/api/v1/procurements/{stage.procurement.pk}/ranking/"
    result = client.get(place).json()["record"]["result"]
    claims = ("smaa", "weight_intervals", "award_move", "leave_one_out", "formula_matrix")
    assert [name for name in claims if result[name] is not None] == []


def test_a_relative_price_formula_is_said_to_say_nothing_and_in_house_takes_the_place_of_a_cap(
    buyer, vendors, set_clock, client_for
):
    stage = make.opened(
        buyer, vendors[:2], set_clock, price_formula="lowest-over-price", price_params={}
    )
    stage = frozen_with_prices(make.to_lock(stage))
    text = words(shown(stage, client_for(buyer.executive)))
    assert "2 bids are admitted: too few" in text
    assert "No cap was published: compare each bid with the in-house case" in text
    assert "The price points say nothing here Lowest over price gives points relative" in text


def test_three_bids_are_a_field(locked, buyer, client_for):
    stage = frozen_with_prices(locked)
    text = words(shown(stage, client_for(buyer.lead)))
    assert "too few to say" not in text
    assert "of plausible weightings" in text
    tried = shown(stage, client_for(buyer.lead), **PUBLISHED)
    assert "First in" in words(tried)
    assert "weightings of the sections around these" in words(tried)
