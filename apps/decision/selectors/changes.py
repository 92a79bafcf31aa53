"""What would change the answer: the engine's flips and gaps in words, the nearest first."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.decision.selectors import wording
from apps.decision.types import Change
from apps.engine.decision.facts import FACTS
from apps.engine.decision.nodes import NOT_SHOWN

Plain = Mapping[str, Any]


def flips(result: Plain, tree: Plain) -> tuple[Change, ...]:
    """Return each fact on the path with the nearest value that changes the recommendation.

    Figures come first, by how far they have to move as a share of their whole range (or of their
    own size, where the range is open); then answers of yes or no, in the order of the path.
    """
    order = {flip["fact"]: place for place, flip in enumerate(result["flips"])}
    nearest = sorted(result["flips"], key=lambda flip: (_far(flip), order[flip["fact"]]))
    return tuple(
        Change(
            fact=wording.fact_name(flip["fact"]),
            now=wording.value(flip["fact"], flip["value"]),
            to=wording.bound(flip["fact"], flip["to"], flip["direction"], strict=flip["strict"]),
            then=_then(flip, tree),
        )
        for flip in nearest
    )


def _far(flip: Plain) -> Decimal:
    """Return how far a fact has to move, 0 to 1 of its range; turning an answer is the farthest."""
    if flip["distance"] is None:
        return Decimal("Infinity")
    fact, distance = FACTS[flip["fact"]], Decimal(flip["distance"])
    if fact.minimum is not None and fact.maximum is not None:
        return distance / (fact.maximum - fact.minimum)
    size = max(abs(Decimal(flip["value"])), abs(Decimal(flip["to"])))
    return distance / size if size else distance


def if_shown(result: Plain, tree: Plain) -> tuple[Change, ...]:
    """Return, for facts on the path that are not shown, the values that would change the outcome."""
    return tuple(
        Change(
            fact=wording.fact_name(found["fact"]),
            now=_("not shown"),
            to=wording.span(found),
            then=_then(found, tree),
        )
        for found in result["if_shown"]
    )


def _then(found: Plain, tree: Plain) -> str:
    if found["recommendation"] == NOT_SHOWN:
        return _("the tree asks on: {fact}").format(fact=wording.fact_name(found["missing"]))
    return str(tree["leaves"][found["leaf"]]["name"])
