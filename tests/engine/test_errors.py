import pytest

from apps.engine import errors

FAMILY = [
    errors.WeightsError,
    errors.ScaleError,
    errors.MissingScores,
    errors.PriceFormulaUndefined,
    errors.InconsistentComparison,
    errors.UnstableQueue,
    errors.InfeasibleTarget,
    errors.ConventionRequired,
    errors.CurrencyMismatch,
]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_refusal_is_an_invalid_input_with_a_sentence(kind):
    error = kind("Give a weight.")
    assert isinstance(error, errors.InvalidInput)
    assert (str(error), error.path) == ("Give a weight.", None)


def test_an_error_names_the_field_and_keeps_the_deepest_name():
    error = errors.ScaleError("Give a score.").at("scores.v1").at("scores")
    assert str(error) == "scores.v1: Give a score."
    assert errors.ScaleError("Give a score.", path="").path is None
    assert errors.ScaleError("Give a score.").at("").path is None
