"""Reads what is uncertain in a case."""

from collections.abc import Callable

from apps.engine.errors import InvalidInput
from apps.engine.pricing.distributions import Beta, Distribution, Lognormal, Pert, Triangular
from apps.engine.pricing.uncertainty import INPUTS, Uncertainty
from apps.engine.reading import Reader

FEWEST_DRAWS, MOST_DRAWS = 1_000, 100_000
LARGEST_SEED = 2**53 - 1
SHAPES = {
    "triangular": ("low", "likely", "high"),
    "pert": ("low", "likely", "high"),
    "lognormal": ("median", "sigma"),
    "beta": ("low", "high", "a", "b"),
}
KINDS: dict[str, Callable[..., Distribution]] = {
    "triangular": Triangular,
    "pert": Pert,
    "lognormal": Lognormal,
    "beta": Beta,
}


def read_uncertainty(reader: Reader) -> Uncertainty:
    reader.only("draws", "seed", "dependence", *INPUTS)
    given = {name: child for name in INPUTS if (child := reader.optional(name)) is not None}
    dependence = reader.optional("dependence")
    try:
        return Uncertainty(
            draws=reader.key("draws").integer(FEWEST_DRAWS, MOST_DRAWS),
            seed=reader.key("seed").integer(0, LARGEST_SEED),
            distributions={name: _distribution(child, name) for name, child in given.items()},
            correlations=()
            if dependence is None
            else tuple(_pair(item) for item in dependence.items(most=6)),
        )
    except InvalidInput as error:
        raise error.at(reader.path) from None


def _distribution(reader: Reader, name: str) -> Distribution:
    shape = reader.key("shape").choice(SHAPES)
    reader.only("shape", *SHAPES[shape])
    # an index may fall; a multiplier of volume, handle time or attrition is above 0
    least = -1 if name == "index" else 0
    figures = {
        part: float(reader.key(part).decimal(least if part in ("low", "likely", "high") else 0))
        for part in SHAPES[shape]
    }
    if name in ("volume", "aht") and figures.get("low", 1.0) <= 0:
        raise reader.key("low").error("Give a multiplier above 0.")
    try:
        return KINDS[shape](**figures)
    except InvalidInput as error:
        raise error.at(reader.path) from None


def _pair(reader: Reader) -> tuple[str, str, float]:
    reader.only("between", "correlation")
    first, second = reader.key("between").items(least=2, most=2)
    return (
        first.choice(INPUTS),
        second.choice(INPUTS),
        float(reader.key("correlation").decimal(-1, 1)),
    )
