"""Weights with locks: one changes, the unlocked ones share the difference, the sum is exact."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.core.errors import Conflict, Incomplete, WrongState
from apps.rfp.models import Section
from apps.rfp.services import authoring
from apps.rfp.services.weighing import held_weights, proposal, rebalance
from tests.factories.rfp import publish, question

D = Decimal


def shared(held, wanted, locked=(), total="100"):
    found = rebalance(
        held={code: D(text) for code, text in held.items()},
        wanted={code: D(text) for code, text in wanted.items()},
        locked=locked,
        total=D(total),
    )
    return {code: format(weight, "f") for code, weight in found.items()}


def test_the_others_keep_their_proportions():
    assert shared({"1": "20", "2": "60", "3": "20"}, {"1": "40"}) == {
        "1": "40", "2": "45", "3": "15",
    }  # fmt: skip


def test_a_locked_weight_stays():
    assert shared({"1": "20", "2": "60", "3": "20"}, {"1": "30"}, ["2"]) == {
        "1": "30", "2": "60", "3": "10",
    }  # fmt: skip


def test_steps_left_over_go_to_the_largest_remainders_earlier_ones_first():
    # 50 over three equal weights: 16.67 each, so two get 17 and the last one 16.
    assert shared({"1": "10", "2": "30", "3": "30", "4": "30"}, {"1": "50"}) == {
        "1": "50", "2": "17", "3": "17", "4": "16",
    }  # fmt: skip


def test_the_finest_published_decimals_decide_the_steps():
    assert shared({"1": "10.5", "2": "44.75", "3": "44.75"}, {"1": "11.25"}) == {
        "1": "11.25", "2": "44.38", "3": "44.37",
    }  # fmt: skip


def test_weights_of_zero_share_alike():
    assert shared({"1": "100", "2": "0", "3": "0"}, {"1": "40"}) == {
        "1": "40", "2": "30", "3": "30",
    }  # fmt: skip


def test_weights_that_missed_100_come_to_100():
    assert shared({"1": "30", "2": "30"}, {}) == {"1": "50", "2": "50"}


@pytest.mark.parametrize(
    ("wanted", "locked", "sentence"),
    [
        ({"1": "70", "2": "60"}, [], "adds up to 130, more than 100. Lower one."),
        ({"1": "30"}, ["2", "3"], "All weights are set or locked, and 10 is left over. Unlock"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(wanted, locked, sentence):
    with pytest.raises(Incomplete, match=sentence):
        shared({"1": "40", "2": "40", "3": "20"}, wanted, locked)


@given(
    held=st.lists(st.decimals(0, 50, places=2), min_size=2, max_size=30),
    wanted=st.decimals(0, 100, places=3),
    locks=st.sets(st.integers(1, 29)),
)
def test_the_sum_is_always_exactly_100_and_no_weight_is_negative(held, wanted, locks):
    weights = {str(at): weight for at, weight in enumerate(held)}
    locked = {str(at) for at in locks if at < len(held)}
    fixed = wanted + sum((weights[code] for code in locked), D(0))
    assume(fixed <= 100)
    assume(len(locked) + 1 < len(held))
    found = rebalance(held=weights, wanted={"0": wanted}, locked=locked)
    assert sum(found.values()) == 100
    assert min(found.values()) >= 0
    assert found["0"] == wanted
    assert all(found[code] == weights[code] for code in locked)


def preview(rfp, section=None, locked=(), **typed):
    held = {code: str(weight) for code, weight in held_weights(rfp, section).items()}
    wanted = {f"{name[1:].replace('_', '.')}": text for name, text in typed.items()}
    return proposal(rfp=rfp, section=section, typed={**held, **wanted}, locked=locked)


def test_a_preview_saves_nothing_and_saving_takes_what_was_seen(draft, lead):
    seen = held_weights(draft, None)
    found = preview(draft, w1="70")
    assert found == {"1": 70, "2": 30}
    assert held_weights(draft, None) == seen
    authoring.save_weights(rfp=draft, section=None, weights=found, seen=seen, actor=lead)
    assert held_weights(draft, None) == found
    with pytest.raises(Conflict, match="meanwhile"):
        authoring.save_weights(rfp=draft, section=None, weights=seen, seen=seen, actor=lead)


def test_points_of_a_section_keep_their_sum(draft, lead):
    section = Section.objects.get(rfp=draft, code="1")
    found = preview(draft, section, w1_01="7")
    assert found == {"1.01": 7, "1.02": 3}
    authoring.save_weights(
        rfp=draft, section=section, weights=found, seen=held_weights(draft, section), actor=lead
    )
    assert question(draft, "1.02").weight == 3


def test_a_scored_question_is_not_left_without_points(draft):
    section = Section.objects.get(rfp=draft, code="1")
    with pytest.raises(Incomplete, match=r"Nothing would be left for 1\.02"):
        preview(draft, section, w1_01="10")


@pytest.mark.parametrize("weights", [{"1": D(70), "2": D(31)}, {"1": D(100)}, {}])
def test_weights_that_were_tampered_with_are_refused(draft, lead, weights):
    seen = held_weights(draft, None)
    with pytest.raises(Incomplete, match="do not add up to 100"):
        authoring.save_weights(rfp=draft, section=None, weights=weights, seen=seen, actor=lead)
    assert held_weights(draft, None) == seen


def test_a_wrong_figure_is_named_beside_its_field(draft):
    with pytest.raises(Incomplete) as refused:
        preview(draft, w1="many")
    assert list(refused.value.fields) == ["weight-1"]


def test_published_weights_stay(draft, lead):
    seen = held_weights(draft, None)
    publish(draft, lead)
    with pytest.raises(WrongState):
        authoring.save_weights(rfp=draft, section=None, weights=seen, seen=seen, actor=lead)
