"""The terms of a draft: weights of quality and price, formula, pricing models, facts."""

from decimal import Decimal

import pytest

from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.rfp import selectors
from apps.rfp.models import Rfp
from apps.rfp.selectors.freezing import content_of
from apps.rfp.services import authoring
from tests.conftest import acting_for


def refusal(draft, lead, **terms) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        authoring.set_terms(rfp=draft, actor=lead, **terms)
    return refused.value.fields


def blockers(draft) -> dict[str, str]:
    return {one.code: one.sentence for one in selectors.completeness(draft)}


def test_terms_are_kept_as_given(draft, lead):
    authoring.set_terms(
        rfp=draft,
        actor=lead,
        quality_weight="70.5",
        price_weight="29.5",
        pricing_models=["hybrid", "per_fte"],
        envelope_order="together",
        missing_policy="block",
        term_months=24,
        award_decimals=6,
        introduction="Line one\r\nline two",
        facts={"regulated": True, "channels": ["Chat", "Voice"]},
    )
    stored = Rfp.objects.get(pk=draft.pk)
    assert stored.quality_weight == Decimal("70.5")
    assert stored.pricing_models == ["per_fte", "hybrid"]
    assert stored.introduction == "Line one\nline two"
    assert stored.facts["regulated"] is True
    assert stored.facts["channels"] == ["Voice", "Chat"]
    assert stored.facts["crm"] == "Other"
    assert (stored.envelope_order, stored.missing_policy, stored.term_months) == (
        "together",
        "block",
        24,
    )


def test_a_minimum_volume_is_published_where_the_buyer_commits_to_one(draft, lead):
    assert "least_contacts" not in content_of(draft)
    authoring.set_terms(rfp=draft, actor=lead, least_contacts=12_000)
    draft.refresh_from_db()
    assert content_of(draft)["least_contacts"] == 12_000
    authoring.set_terms(rfp=draft, actor=lead, least_contacts=None)
    draft.refresh_from_db()
    assert "least_contacts" not in content_of(draft)


def test_weights_of_quality_and_price_that_miss_100_stay_in_the_draft_and_block(draft, lead):
    authoring.set_terms(rfp=draft, actor=lead, quality_weight="60", price_weight="30")
    assert blockers(draft)["award-weights"] == (
        "Quality and price weights add up to 90; they must add up to 100. Give out 10 more."
    )


REFUSED = (
        ({"colour": "red"}, {"colour": "This field is not known here."}),
        ({"quality_weight": "x"},
         {"quality_weight": "Give a weight from 0 to 100, with at most four decimals."}),
        ({"price_formula": "cheapest"}, {"price_formula": "Choose one of the price formulae."}),
        ({"scoring_method": "topsis"}, {"scoring_method": "Choose a scoring method."}),
        ({"pricing_models": ["per_hour"]},
         {"pricing_models": "Choose from the pricing models in the list."}),
        ({"pricing_models": "per_fte"},
         {"pricing_models": "Choose from the pricing models in the list."}),
        ({"missing_policy": "guess"}, {"missing_policy": "Choose what a missing answer counts."}),
        ({"envelope_order": "price_first"}, {"envelope_order": "Choose when prices are opened."}),
        ({"least_contacts": 0}, {"least_contacts": "Give a whole number from 1 to 100000000."}),
        ({"least_contacts": "x"}, {"least_contacts": "Give a whole number from 1 to 100000000."}),
        ({"term_months": 0}, {"term_months": "Give a whole number from 1 to 120."}),
        ({"term_months": "36"}, {"term_months": "Give a whole number from 1 to 120."}),
        ({"term_months": True}, {"term_months": "Give a whole number from 1 to 120."}),
        ({"award_decimals": 13}, {"award_decimals": "Give a whole number from 0 to 12."}),
        ({"introduction": "x" * 10_001},
         {"introduction": "Shorten this to 10000 characters; it has 10001."}),
        ({"facts": {"weather": "rain"}},
         {"facts": "These facts are asked: regulated, takes_card_payments, handles_health_data,"
                   " crm, vertical, channels."}),
        ({"facts": {"regulated": "yes"}}, {"fact-regulated": "Say yes or no."}),
        ({"facts": {"crm": "Abacus"}}, {"fact-crm": "Choose one of the list."}),
        ({"facts": {"channels": []}}, {"fact-channels": "Choose at least one of the list."}),
        ({"facts": {"channels": ["Fax"]}}, {"fact-channels": "Choose at least one of the list."}),
    )  # fmt: skip


def test_terms_that_make_no_sense_are_refused_and_nothing_is_saved(draft, lead):
    before = Rfp.objects.values().get(pk=draft.pk)
    for terms, fields in REFUSED:
        assert (terms, refusal(draft, lead, **terms)) == (terms, fields)
    assert Rfp.objects.values().get(pk=draft.pk) == before


UNSOUND = (
        ({"floor": "800000"}, {"param-cap": "Give a figure in money here."}),
        ({"floor": "800000", "cap": "a lot"},
         {"param-cap": 'Write digits with a point for decimals, for example "1250.75".'}),
        ({"floor": "-1", "cap": "2"}, {"param-floor": "Give 0 or more; this is -1."}),
        ({"floor": "900", "cap": "900"}, {"price_params": "Give a price cap above the price floor."}),
        ({"floor": "1", "cap": "2", "slope": "3"},
         {"price_params": "This formula takes: cap, floor."}),
        (["1", "2"], {"price_params": "This formula takes: cap, floor."}),
    )  # fmt: skip


def test_a_formula_needs_its_own_sound_parameters(draft, lead):
    for params, fields in UNSOUND:
        found = refusal(draft, lead, price_formula="absolute-linear", price_params=params)
        assert (params, found) == (params, fields)
    assert Rfp.objects.get(pk=draft.pk).price_params == {"floor": "800000", "cap": "2200000"}


def test_a_new_formula_drops_the_parameters_of_the_old_one(draft, lead):
    authoring.set_terms(rfp=draft, actor=lead, price_formula="min-max")
    stored = Rfp.objects.get(pk=draft.pk)
    assert (stored.price_formula, stored.price_params) == ("min-max", {})


def test_a_lowest_adjusted_price_leaves_price_without_a_weight(draft, lead):
    authoring.set_terms(
        rfp=draft,
        actor=lead,
        price_formula="monetised-quality",
        price_params={"money_per_point": "5000"},
    )
    assert blockers(draft)["award-weights"] == (
        "Monetised quality gives price no weight of its own: set quality to 100, price to 0."
    )
    authoring.set_terms(rfp=draft, actor=lead, quality_weight="100", price_weight="0")
    assert "award-weights" not in blockers(draft)
    assert "price" not in [node["id"] for node in selectors.weight_tree(draft)]


def test_no_pricing_model_blocks_publication(draft, lead):
    authoring.set_terms(rfp=draft, actor=lead, pricing_models=[])
    assert blockers(draft)["pricing-models"] == (
        "Choose at least one pricing model that vendors may bid."
    )


def test_only_the_lead_sets_terms(draft, buyer):
    with acting_for(buyer.executive) as user, pytest.raises(NotAllowed):
        authoring.set_terms(rfp=draft, actor=user, term_months=12)


def test_published_terms_stand(published, lead):
    with pytest.raises(WrongState, match="its content is frozen"):
        authoring.set_terms(rfp=published, actor=lead, term_months=12)
