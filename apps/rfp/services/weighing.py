"""Rebalance weights: one changes, the unlocked ones share the difference, the total stays.

Largest remainder: every free weight gets its share rounded down to the published decimals, and the
smallest steps left over go to the largest remainders, earlier ones first. The sum is exact.
"""

from collections.abc import Collection, Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Conflict, Incomplete
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.services import rows
from apps.rfp.services.drafting import open_draft, record, refuse, weight_of
from apps.rfp.services.questions import LARGEST_POINTS
from apps.rfp.services.sections import refuse_with_lots
from apps.rfp.states import SCORED, EnvelopeKind
from apps.workspace.models import User

HUNDRED: Final = Decimal(100)
MOST_DECIMALS: Final = 4


def decimals_of(weights: Collection[Decimal]) -> int:
    """Return how many decimals these weights use, 0 to 4."""
    used = (-int(weight.normalize().as_tuple().exponent) for weight in weights)
    return min(max([0, *used]), MOST_DECIMALS)


def rebalance(
    *,
    held: Mapping[str, Decimal],
    wanted: Mapping[str, Decimal],
    locked: Collection[str],
    total: Decimal = HUNDRED,
) -> dict[str, Decimal]:
    """Return the weights with `wanted` set and the rest of `total` shared over the free ones.

    Free is what is neither wanted nor locked; it keeps its proportions. Incomplete says what to
    unlock or lower where that cannot be.
    """
    fixed = {code: wanted.get(code, weight) for code, weight in held.items()
             if code in wanted or code in locked}  # fmt: skip
    free = [code for code in held if code not in fixed]
    rest = total - sum(fixed.values(), Decimal(0))
    if rest < 0:
        sentence = _("What you set and locked adds up to {sum}, more than {total}. Lower one.")
        raise _impossible(sentence.format(sum=_plain(total - rest), total=_plain(total)))
    if not free:
        if rest:
            sentence = _("All weights are set or locked, and {rest} is left over. Unlock one.")
            raise _impossible(sentence.format(rest=_plain(rest)))
        return dict(fixed)
    step = Decimal(1).scaleb(-decimals_of([*held.values(), *wanted.values(), total]))
    shares = _shared({code: held[code] for code in free}, rest, step)
    return {code: fixed.get(code, shares.get(code, Decimal(0))) for code in held}


def _shared(free: Mapping[str, Decimal], rest: Decimal, step: Decimal) -> dict[str, Decimal]:
    whole = sum(free.values(), Decimal(0))
    exact = {
        code: rest * weight / whole if whole else rest / len(free) for code, weight in free.items()
    }
    given = {code: share.quantize(step, rounding=ROUND_DOWN) for code, share in exact.items()}
    left = int((rest - sum(given.values(), Decimal(0))) / step)
    order = {code: at for at, code in enumerate(free)}
    by_rest = sorted(free, key=lambda code: (given[code] - exact[code], order[code]))
    return {code: given[code] + (step if code in by_rest[:left] else 0) for code in free}


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _impossible(sentence: str) -> Incomplete:
    return Incomplete(sentence)


def held_weights(rfp: Rfp, section: Section | None) -> dict[str, Decimal]:
    """Return the weights that are balanced together: the sections, or one section's questions."""
    if section is None:
        sections = Section.objects.filter(rfp=rfp, envelope=EnvelopeKind.TECHNICAL)
        return {one.code: one.weight for one in sections.order_by("position", "pk")}
    scored = Question.objects.filter(section=section, mode__in=SCORED)
    return {one.code: one.weight for one in scored.order_by("position", "pk")}


def total_of(held: Mapping[str, Decimal], section: Section | None) -> Decimal:
    """Return what the weights add up to afterwards: 100 for sections, the same points as now."""
    if section is None:
        return HUNDRED
    return sum(held.values(), Decimal(0)) or HUNDRED


def proposal(
    *, rfp: Rfp, section: Section | None, typed: Mapping[str, str], locked: Collection[str]
) -> dict[str, Decimal]:
    """Return the weights as they would be; saves nothing. What was typed differs from what is held."""
    if section is None:
        refuse_with_lots(rfp)
    held = held_weights(rfp, section)
    most = HUNDRED if section is None else LARGEST_POINTS
    wrong: dict[str, str] = {}
    wanted: dict[str, Decimal] = {}
    for code, raw in typed.items():
        try:
            weight = weight_of(raw, f"weight-{code}", most)
        except Incomplete as refused:
            wrong |= refused.fields
            continue
        if code in held and weight != held[code]:
            wanted[code] = weight
    if wrong:
        raise Incomplete(_("Some weights need another look."), fields=wrong)
    found = rebalance(held=held, wanted=wanted, locked=locked, total=total_of(held, section))
    empty = [code for code, weight in found.items() if section is not None and not weight]
    if empty:
        sentence = _("Nothing would be left for {codes}. Lower what you set, or unlock more.")
        raise Incomplete(sentence.format(codes=", ".join(empty)))
    return found


@transaction.atomic
def save_weights(
    *,
    rfp: Rfp,
    section: Section | None,
    weights: Mapping[str, Decimal],
    seen: Mapping[str, Decimal],
    actor: User,
) -> None:
    """Save a proposal that a person has looked at; Conflict when the weights moved meanwhile."""
    open_draft(rfp, actor)
    if section is None:
        refuse_with_lots(rfp)
    held = held_weights(rfp, section)
    if held != dict(seen):
        raise Conflict(_("The weights were changed meanwhile. Look at them again."))
    total = total_of(held, section)
    if set(weights) != set(held) or sum(weights.values(), Decimal(0)) != total:
        raise refuse("weights", _("The weights do not add up to {total}.").format(total=total))
    model = Section if section is None else Question
    moved = [
        row
        for row in model._default_manager.filter(rfp=rfp, code__in=held)
        if row.weight != weights[row.code]
    ]
    for row in moved:
        row.weight = weights[row.code]
    rows.update(moved, ["weight"])
    record(rfp, "rebalance", actor, section=section.code if section else "", weights=weights)
