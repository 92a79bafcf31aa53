"""What the linter says about the scoring rule, in words, with what the lead accepted and why."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.templatetags import formats
from apps.engine.matrix import linter
from apps.engine.matrix.methods import METHODS
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.rfp import answers
from apps.rfp.models import Rfp
from apps.rfp.selectors.informing import OF_AN_AWARD, PRICE
from apps.rfp.selectors.lots import View, views_of
from apps.rfp.selectors.weights import quality_chapters, rule_of
from apps.rfp.states import HiddenCounts
from apps.rfp.types import Chapter, Finding

SEED = 20_260_101  # of the simulated bids: the same RFP gives the same findings
CONDITIONAL = "conditional-score"
# Said in full by the completeness list, with the sum and what to do.
SAID_THERE = frozenset({"weights-miss-100", "weights-unusable", "price-limits-crossed"})

SHARES = ("removed_loser_changes_award", "added_low_bid_changes_award")

WORDS: Mapping[str, tuple[Promise, Promise]] = MappingProxyType(
    {
        "parent-and-children-in-one-list": (
            gettext_lazy("A weight stands beside its own parts"),
            gettext_lazy("The weight {weight} is counted once whole and once in parts."),
        ),
        "tree-broken": (
            gettext_lazy("The criteria do not form one tree"),
            gettext_lazy("Give every section and question a code of its own."),
        ),
        "weight-zero": (
            gettext_lazy("A scored question decides nothing"),
            gettext_lazy("Its weight is 0. Give it points, or make it information."),
        ),
        "weight-tiny": (
            gettext_lazy("Some questions weigh less than 1% of the award"),
            gettext_lazy(
                "Evaluators spend as long on them as on the others. Ask fewer questions, or accept"
                " that many small ones add up."
            ),
        ),
        "method-is-no-award-rule": (
            gettext_lazy("This method must not decide an award"),
            gettext_lazy("Use the weighted sum; keep this method as a cross-check."),
        ),
        "method-reverses-rank": (
            gettext_lazy("One more bid can turn the order of the others"),
            gettext_lazy("Use the weighted sum; its order never depends on who else bids."),
        ),
        "rounding-makes-ties": (
            gettext_lazy("Rounding makes ties"),
            gettext_lazy("Totals are compared to {decimals} decimals. Compare to 2 or more."),
        ),
        "no-tie-break": (
            gettext_lazy("No tie-break is published"),
            gettext_lazy("Vendors with equal totals share a rank."),
        ),
        "missing-excluded": (
            gettext_lazy("A question that one vendor leaves out counts for nobody"),
            gettext_lazy("It is left out for all vendors; a weak question may be left empty."),
        ),
        "middle-bid-penalised": (
            gettext_lazy("The formula punishes prices in the middle"),
            gettext_lazy("Points fall fast near the lowest price and slowly far above it."),
        ),
        "price-incentive-ends": (
            gettext_lazy("From some price on, points stop falling"),
            gettext_lazy("Above twice the lowest price a bid gets 0 points, however dear it is."),
        ),
        "losers-set-the-slope": (
            gettext_lazy("The dearest bid sets the value of money"),
            gettext_lazy("A high bid that cannot win makes price differences count for less."),
        ),
        "cover-bids-move-the-reference": (
            gettext_lazy("Bids that cannot win move the reference price"),
            gettext_lazy("A cover bid shifts the mean or median, and with it everybody's points."),
        ),
        "price-differences-ignored": (
            gettext_lazy("The size of a price difference counts for nothing"),
            gettext_lazy("Only the order of prices earns points."),
        ),
        "price-weight-implicit": (
            gettext_lazy("The weight of price is not published as a figure"),
            gettext_lazy("It follows from the prices and the quality of the bids."),
        ),
        "needs-cost-estimate": (
            gettext_lazy("Floor and cap need a sound estimate"),
            gettext_lazy("A price under the floor earns no more points than the floor itself."),
        ),
        "needs-money-values": (
            gettext_lazy("The value of a quality point needs a reason"),
            gettext_lazy("It decides how much dearer a better bid may be."),
        ),
        "zero-price-undefined": (
            gettext_lazy("A price of 0 has no points"),
            gettext_lazy("The formula divides by the price; a free bid cannot be scored."),
        ),
        "price-points-rounded": (
            gettext_lazy("Price points are rounded"),
            gettext_lazy("They are rounded to {decimals} decimals before they are added."),
        ),
        "award-depends-on-losers": (
            gettext_lazy("A bid that loses can decide who wins"),
            gettext_lazy(
                "Removing a losing bid changes the winner in {removed_loser_changes_award} of"
                " simulated tenders; one more low bid that loses changes it in"
                " {added_low_bid_changes_award}. Simulated: {tenders} tenders, seed {seed}. Absolute"
                " linear does not depend on other bids."
            ),
        ),
        "price-limits-wide": (
            gettext_lazy("Cap and floor lie far apart"),
            gettext_lazy(
                "From {floor} to {cap}: real bids will fall in a small part of that range and"
                " differ by few points."
            ),
        ),
        "scale-compressed": (
            gettext_lazy("A scale is not used to its ends"),
            gettext_lazy("The scores of this question cannot reach both 0 and full points."),
        ),
        "range-compressed": (
            gettext_lazy("A high minimum leaves little to score"),
            gettext_lazy(
                "Admitted bids differ only above the minimum: a weight of {percent}% decides like"
                " {effective_percent}%. Lower the minimum, or give the weight to other questions."
            ),
        ),
        "minimum-unreachable": (
            gettext_lazy("Nobody can reach a minimum score"),
            gettext_lazy("It lies above the end of the scale and excludes every bid. Lower it."),
        ),
        "minimum-without-effect": (
            gettext_lazy("A minimum score excludes nobody"),
            gettext_lazy("It lies at the lowest score. Raise it, or take it away."),
        ),
        "threshold-unreachable": (
            gettext_lazy("Nobody can reach a minimum"),
            gettext_lazy(
                "{at_least_percent}% is asked, {best_percent}% can be reached. Lower the minimum."
            ),
        ),
        "threshold-without-effect": (
            gettext_lazy("A minimum excludes nobody"),
            gettext_lazy(
                "Every bid that meets the minimum scores below reaches {at_least_percent}% anyway."
            ),
        ),
        "minimum-quality-missing": (
            gettext_lazy("No minimum quality is set"),
            gettext_lazy("Without it a very cheap bid of low quality wins. Set a minimum."),
        ),
        CONDITIONAL: (
            gettext_lazy("Some vendors are not asked a scored question"),
            gettext_lazy(
                "Whoever is not asked has no score for it. The terms say whether it does not count"
                " for that vendor or counts as a missing answer. You can also make it"
                " information, or ask everybody."
            ),
        ),
    }
)


def findings(rfp: Rfp, chapters: tuple[Chapter, ...]) -> tuple[Finding, ...]:
    """Return what the linter found, one entry per fault, errors first; every lot is asked alone."""
    grouped: dict[str, list[tuple[View, linter.Finding]]] = {}
    for view in views_of(rfp, chapters):
        rule = rule_of(rfp, view.chapters, view.lot)
        for found in [*linter.lint(rule, SEED), *_conditional(rfp, view)]:
            if found.code not in SAID_THERE and (rfp.asks_price or not _of_an_award(found)):
                grouped.setdefault(found.code, []).append((view, found))
    return tuple(_in_words(rfp, code, group) for code, group in grouped.items())


def _of_an_award(found: linter.Finding) -> bool:
    return found.code in OF_AN_AWARD or found.where == PRICE


def _conditional(rfp: Rfp, view: View) -> list[linter.Finding]:
    leaves = rfp.hidden_counts == HiddenCounts.LEAVES
    severity = linter.NOTE if leaves else linter.WARNING
    return [
        linter.Finding(CONDITIONAL, severity, question.code)
        for _chapter, scored in quality_chapters(rfp, view.chapters)
        for question in scored
        if answers.questions_in(question.condition)
    ]


def _in_words(rfp: Rfp, code: str, group: list[tuple[View, linter.Finding]]) -> Finding:
    title, text = WORDS.get(code, (code, ""))
    texts = dict.fromkeys(str(text).format(**_figures(found.facts)) for _view, found in group)
    return Finding(
        code=code,
        severity=group[0][1].severity,
        title=str(title),
        text=" ".join(texts),
        where=tuple(view.named(_place(found.where)) for view, found in group),
        reason=rfp.accepted_findings.get(code, ""),
    )


def _figures(facts: Mapping[str, object]) -> dict[str, str]:
    """Return the figures of a finding as people read them: shares of tenders in percent."""
    found = {name: str(value) for name, value in facts.items()}
    shares = {name: formats.percentage(Decimal(found[name])) for name in SHARES if name in found}
    return {**found, **shares, "seed": str(SEED)}


def _place(where: str) -> str:
    """Name a node as people know it."""
    for registry in (PRICE_FORMULAE, METHODS):
        if where in registry:
            return str(registry[where].name)
    if where.startswith("section:"):
        return _("Section {code}").format(code=where.removeprefix("section:"))
    return {"total": _("Quality and price"), "quality": _("Sections")}.get(where, where)
