"""What the results of the other calculators state as evidence."""

from decimal import Decimal

import pytest

from apps.engine.cases import run
from apps.engine.decision.facts import FACTS
from apps.engine.decision.statements import DIAGNOSED, statements
from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.errors import InvalidInput
from tests.engine.diagnostics.examples import INPUTS
from tests.engine.shipped import example

DIGEST = "b" * 64


def stated(kind, result, about=""):
    found = statements(kind, result, source="The record", digest=DIGEST, about=about)
    return {slug: shown.value for slug, shown in found.items()}


def diagnosed(slug, **changes):
    case = {"diagnostic": slug, "inputs": INPUTS[slug] | changes}
    if DIAGNOSTICS[slug].needs_currency:
        case["currency"] = "EUR"
    return stated("score", run("score", case).result, slug)


def test_a_statement_names_the_record_and_its_digest():
    record = run("score", example("score"))
    found = statements(
        "score",
        record.result,
        source="Assessment of 14 August",
        digest=record.digest,
        about="outsourcing_readiness",
    )
    shown = found["readiness.score"]
    assert (shown.source, shown.digest) == ("Assessment of 14 August", record.digest)
    assert shown.fact == FACTS["readiness.score"]


def test_readiness_states_its_lower_bound_band_gaps_and_pillars():
    result = run("score", example("score")).result
    assert stated("score", result, "outsourcing_readiness") == {
        "readiness.score": Decimal(65),
        "readiness.band": "hybrid",
        "readiness.gaps": Decimal(6),
        "readiness.technology": Decimal(15),
        "readiness.knowledge": Decimal(17),
        "readiness.service_levels": Decimal(18),
        "readiness.security": Decimal(15),
    }


def test_an_open_band_is_not_stated_and_the_top_band_has_no_gaps_left():
    case = example("score")
    nothing = run("score", case | {"answers": {}}).result
    assert "readiness.band" not in stated("score", nothing, "outsourcing_readiness")
    full = run("score", case | {"answers": dict.fromkeys(case["answers"], 5)}).result
    assert stated("score", full, "outsourcing_readiness")["readiness.gaps"] == 0


@pytest.mark.parametrize(
    ("slug", "fact", "value"),
    [
        ("revenue_recovery", "recovery.rate", Decimal("0.4")),
        ("revenue_leakage", "leakage.total", Decimal(42400)),
        ("ai_efficiency", "ai_efficiency.index", Decimal("77.916666667")),
        ("roi", "roi.percent", Decimal("76.666666667")),
        ("location_comparison", "location.cheapest", "offshore"),
    ],
)
def test_a_diagnostic_states_its_value_or_its_band(slug, fact, value):
    assert diagnosed(slug) == {fact: value}


def test_every_diagnostic_that_states_a_fact_is_registered():
    assert set(DIAGNOSED) <= set(DIAGNOSTICS)


def test_a_diagnostic_that_no_tree_asks_for_states_nothing():
    assert diagnosed("channel_switch") == {}


def test_a_value_that_is_not_shown_is_not_stated():
    result = run("score", {"diagnostic": "ai_efficiency", "inputs": {}}).result
    assert stated("score", result, "ai_efficiency") == {}


def test_a_loss_estimated_below_zero_is_stated_as_none():
    gain = {
        "failed": 100,
        "failed_followed": 100,
        "failed_cancelled": 0,
        "resolved_followed": 100,
        "resolved_cancelled": 50,
        "lifetime_margin": 100,
    }
    case = {"diagnostic": "revenue_leakage", "currency": "EUR", "inputs": gain}
    result = run("score", case).result
    assert result["value"] == "-5000"
    assert stated("score", result, "revenue_leakage") == {"leakage.total": Decimal(0)}


# The tender


def ranking(**changes):
    vendors = [
        {"id": "a", "name": "Aster", "admitted": True},
        {"id": "b", "name": "Birch", "admitted": True},
        {"id": "c", "name": "Cedar", "admitted": False},
    ]
    around = {"vendors": [{"id": "a", "first": "0.86"}, {"id": "b", "first": "0.14"}]}
    return {
        "vendors": vendors,
        "winners": ["a"],
        "basis": {"total": "points"},
        "margin": {"gap": "1.4875"},
        "smaa": {"around_published": around},
        **changes,
    }


def test_a_ranking_states_its_leader_its_lead_and_how_robust_it_is():
    assert stated("rank", ranking()) == {
        "bids.admitted": Decimal(2),
        "ranking.leader": "Aster",
        "ranking.lead": Decimal("1.4875"),
        "ranking.first_share": Decimal("0.86"),
    }


def test_a_shared_first_place_states_no_leader():
    assert stated("rank", ranking(winners=["a", "b"])) == {"bids.admitted": Decimal(2)}
    assert stated("rank", ranking(winners=[])) == {"bids.admitted": Decimal(2)}


def test_a_ranking_without_margin_points_or_simulation_states_less():
    assert stated("rank", ranking(margin=None, smaa=None)) == {
        "bids.admitted": Decimal(2),
        "ranking.leader": "Aster",
    }
    by_price = stated("rank", ranking(basis={"total": "adjusted-price"}))
    assert "ranking.lead" not in by_price


def test_a_real_ranking_can_be_stated():
    found = stated("rank", run("rank", example("rank")).result)
    assert found["bids.admitted"] == 3
    assert found["ranking.leader"] == "Aster Contact"
    assert set(found) == {
        "bids.admitted",
        "ranking.leader",
        "ranking.lead",
        "ranking.first_share",
    }


def comparison(**realism):
    figures = {"agents_needed": "68.2", "agents_paid_for": "61", **realism}
    return {
        "quotes": [
            {"id": "in-house", "model": "per_fte", "realism": {"agents_paid_for": None}},
            {"id": "a-1", "model": "managed_service", "realism": figures},
        ],
        "baseline": {"quotes": [{"id": "a-1", "saving_share": "0.18"}]},
    }


def test_a_comparison_states_model_saving_and_the_truth_about_staffing():
    assert stated("price", comparison(), "a-1") == {
        "pricing.model": "managed_service",
        "pricing.saving_share": Decimal("0.18"),
        "staffing.price_pays_for_service": False,
        "staffing.agents_short": Decimal("7.2"),
    }
    assert stated("price", comparison(agents_paid_for="70"), "a-1")[
        "staffing.price_pays_for_service"
    ]


def test_a_comparison_without_baseline_or_paid_agents_states_less():
    assert stated("price", comparison() | {"baseline": None}, "in-house") == {
        "pricing.model": "per_fte"
    }
    assert "pricing.saving_share" not in stated("price", comparison(), "in-house")


def test_a_real_comparison_can_be_stated():
    result = run("price", example("price")).result
    found = stated("price", result, result["order"][0])
    assert {"pricing.model", "staffing.price_pays_for_service"} <= set(found)


def test_a_quote_that_was_not_compared_is_refused():
    with pytest.raises(InvalidInput) as caught:
        stated("price", comparison(), "z")
    assert str(caught.value) == "about: Name one of the quotes compared: in-house, a-1."


def test_a_result_of_another_kind_or_shape_is_refused():
    with pytest.raises(InvalidInput) as caught:
        stated("walk", {})
    assert caught.value.path == "kind"
    with pytest.raises(InvalidInput) as caught:
        stated("rank", {"vendors": [{"id": "a"}]})
    assert caught.value.path == "result.vendors[0].admitted"
