"""Price points that public bodies and vendors published, through a stored tender with its rounding.

The figures are facts, each with its source. Sources that rescale quality points to the best bid
publish no price formula with that: the product keeps quality on its published scale, so that no
rival moves it, and offers no such rule.
"""

import json

import pytest
from django.urls import reverse

from apps.core.errors import Incomplete
from apps.matrix.services import ranking
from apps.rfp.services import authoring
from tests.apps.matrix.test_ranking_page import words
from tests.conftest import acting_for, make_vendor
from tests.factories import matrix as make
from tests.factories.rfp import make_rfp

NAMES = ("Arbour", "Birchwell", "Cedarline", "Dovecote", "Elmstead")
# Source, formula, its parameters, points, decimals, prices, points as they were published.
PUBLISHED = {
    "rcuh.com, p=12750, to one decimal": (
        *("lowest-over-price", {}, "35", 1),
        {"100000": "35", "125000": "28", "150000": "23.3"},
    ),
    "impactbids.com, the quality imperative, whole points": (
        *("lowest-over-price", {}, "40", 0),
        {"100": "40", "105": "38", "108": "37"},
    ),
    "pur.doas.ga.gov 5.6.3.2.2, L/R*P, to four decimals": (
        *("lowest-over-price", {}, "35", 4),
        {"100000": "35", "125000": "28", "150000": "23.3333"},
    ),
    "dgs.pa.gov, [1-(B-A)/A]*C, not rounded, 0 at twice the lowest": (
        *("linear-on-lowest", {}, "35", None),
        {"100000": "35", "125000": "26.25", "150000": "17.5", "200000": "0", "250000": "0"},
    ),
}


@pytest.mark.parametrize("source", PUBLISHED)
def test_a_stored_tender_gives_the_published_points(buyer, set_clock, client_for, source):
    formula, params, weight, decimals, expected = PUBLISHED[source]
    vendors = [
        make_vendor(name, buyer.organisation) for name, _ in zip(NAMES, expected, strict=False)
    ]
    stage = make.opened(
        buyer, vendors, set_clock,
        price_formula=formula, price_params=params, price_decimals=decimals,
        price_weight=weight, quality_weight=str(100 - int(weight)),
    )  # fmt: skip
    stage = make.priced(make.to_lock(stage), tuple(expected))
    with acting_for(buyer.lead) as lead:
        frozen = ranking.freeze(scoring_round=stage.round_for(lead), actor=lead)
        assert (
            json.loads(make.fresh(stage).frozen)["award"]["price_formula"].get("decimals")
            == decimals
        )
    rows = {row["id"]: row for row in json.loads(frozen.record)["result"]["price"]["vendors"]}
    found = [rows[str(bid.pk)]["scored"] for bid in stage.bids]
    assert found == list(expected.values())
    page = words(client_for(buyer.lead).get(reverse("matrix:ranking", args=[stage.procurement.pk])))
    said = {
        None: "",
        0: "rounded to whole points",
        1: "rounded to 1 decimal",
        4: "rounded to 4 decimals",
    }
    assert said[decimals] in page
    assert ("rounded to" in page) is (decimals is not None)
    api = client_for(buyer.lead).get(f"/api/v1/procurements/{stage.procurement.pk}/ranking/").json()
    shown = {row["id"]: row["scored"] for row in api["record"]["result"]["price"]["vendors"]}
    assert shown == {identifier: row["scored"] for identifier, row in rows.items()}


def test_rounding_is_published_before_a_vendor_bids_and_a_finding_of_the_linter(buyer, client_for):
    with acting_for(buyer.lead) as lead:
        rfp = make_rfp(buyer.procurement, lead)
        place = reverse("rfp:terms", args=[buyer.procurement.pk])
        client = client_for(lead)
        assert "Price points are rounded to" not in words(client.get(place))
        authoring.set_terms(rfp=rfp, actor=lead, price_decimals=1)
        assert "Price points are rounded to 1 decimal, half up" in words(client.get(place))


@pytest.mark.parametrize("wrong", [-1, 5, "1", True])
def test_a_rounding_nobody_can_publish_is_refused(buyer, wrong):
    with acting_for(buyer.lead) as lead:
        rfp = make_rfp(buyer.procurement, lead)
        with pytest.raises(Incomplete) as refused:
            authoring.set_terms(rfp=rfp, actor=lead, price_decimals=wrong)
        assert refused.value.fields == {"price_decimals": "Give a whole number from 0 to 4."}
