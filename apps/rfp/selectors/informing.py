"""A request for information: what it asks less than a tender, and the rule of its shortlist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.rfp.models import Rfp
from apps.rfp.selectors.lots import lots_of
from apps.rfp.selectors.weights import quality_chapters
from apps.rfp.states import EnvelopeKind, ShortlistRule
from apps.rfp.types import Blocker, Chapter

BUILDER, TERMS, LOTS = "rfp:builder", "rfp:terms", "rfp:lots"
PRICE: Final = "price"
# What the linter says about prices, or about an award: there is neither.
OF_AN_AWARD: Final = frozenset(
    {
        *("middle-bid-penalised", "price-incentive-ends", "losers-set-the-slope"),
        *("cover-bids-move-the-reference", "price-differences-ignored", "price-weight-implicit"),
        *("needs-cost-estimate", "needs-money-values", "zero-price-undefined"),
        *("price-points-rounded", "award-depends-on-losers", "price-limits-wide"),
        *("minimum-quality-missing", "no-tie-break"),
    }
)
RULES: Mapping[str, Promise] = MappingProxyType(
    {
        ShortlistRule.MINIMUM: gettext_lazy(
            "Everybody who meets the knock-outs and published minimums and reaches {least} of 100"
            " quality points is taken."
        ),
        ShortlistRule.ADMITTED: gettext_lazy(
            "Everybody who meets the knock-outs and published minimums is taken."
        ),
    }
)


@dataclass(frozen=True)
class Rule:
    """Who is taken. `most` belongs to the best ones, `least` to a minimum, in quality points."""

    kind: ShortlistRule
    most: int | None = None
    least: Decimal | None = None

    @property
    def sentence(self) -> str:
        """Say the rule as vendors read it before they answer."""
        if self.kind == ShortlistRule.BEST:
            return ngettext(
                "The best one by quality points is taken, of those who meet the knock-outs and"
                " published minimums. Where the last place is tied, a person decides and says why.",
                "The best {most} by quality points are taken, of those who meet the knock-outs and"
                " published minimums. Where the last place is tied, a person decides and says why.",
                self.most or 0,
            ).format(most=self.most)
        least = "" if self.least is None else f"{self.least.normalize():f}"
        return str(RULES[self.kind]).format(least=least)


def shortlist_rule(rfp: Rfp) -> Rule | None:
    """Return the rule as it is set; None where nobody has said it, and in every tender."""
    held = rfp.shortlist
    if not held:
        return None
    least = held.get("least")
    return Rule(
        kind=ShortlistRule(held["rule"]),
        most=held.get("most"),
        least=None if least is None else Decimal(least),
    )


def is_scored(rfp: Rfp, chapters: tuple[Chapter, ...]) -> bool:
    """Whether anything earns points; a request for information may be only read."""
    return any(scored for _chapter, scored in quality_chapters(rfp, chapters))


def information_blockers(rfp: Rfp, chapters: tuple[Chapter, ...]) -> Iterator[Blocker]:
    """Yield what a request for information cannot ask, and what of its rule is missing."""
    for chapter in chapters:
        place = f"?section={chapter.section.code}"
        if chapter.section.envelope == EnvelopeKind.COMMERCIAL:
            sentence = _(
                "Section {code} is of the price response, and a request for information asks for no"
                " price. Take the section out."
            )
            yield Blocker(
                "information-price", sentence.format(code=chapter.section.code), BUILDER, place
            )
        for question in chapter.questions:
            if question.in_stage:
                sentence = _(
                    "Question {code} is scored in a stage, which comes in the tender that follows."
                    " Take it out, or let evaluators score the answer."
                )
                yield Blocker(
                    "information-stage", sentence.format(code=question.code), BUILDER, place
                )
    if lots_of(rfp):
        sentence = _("A request for information has no lots. Take them out; the tender has them.")
        yield Blocker("information-lots", sentence, LOTS)
    yield from _rule_blockers(rfp, scored=is_scored(rfp, chapters))


def essential_has_none() -> str:
    return _(
        "Essential goes straight to the tender. A request for information is Assured or Public."
    )


def _rule_blockers(rfp: Rfp, *, scored: bool) -> Iterator[Blocker]:
    rule = shortlist_rule(rfp)
    if rule is None:
        sentence = _("Say who is taken from the answers: vendors read the rule before they answer.")
        yield Blocker("shortlist-rule", sentence, TERMS, "#h-shortlist")
    elif rule.kind != ShortlistRule.ADMITTED and not scored:
        sentence = _(
            "The rule asks for points, but nothing is scored. Take everybody who meets the"
            " knock-outs, or score a question."
        )
        yield Blocker("shortlist-rule", sentence, TERMS, "#h-shortlist")
