"""Rules of a question in words that buyers and vendors read alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.templatetags import formats
from apps.engine.fields import Unit
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.rfp import answers
from apps.rfp.answers.conditions import ALL, NOT, parts_of
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.selectors.lots import price_params
from apps.rfp.selectors.price_rule import rule_sentences
from apps.rfp.states import AnswerKind
from apps.rfp.types import Fact, ScoredPrice, plain

TESTS: Mapping[str, Promise] = MappingProxyType(
    {
        "equals": gettext_lazy("is {value}"),
        "not_equals": gettext_lazy("is not {value}"),
        "less_than": gettext_lazy("is less than {value}"),
        "at_most": gettext_lazy("is at most {value}"),
        "greater_than": gettext_lazy("is more than {value}"),
        "at_least": gettext_lazy("is at least {value}"),
        "between": gettext_lazy("lies from {value}"),
        "missing": gettext_lazy("is missing"),
        "lacks": gettext_lazy("lacks {value}"),
        "includes": gettext_lazy("includes {value}"),
        "includes_fact": gettext_lazy("includes all that this tender asks ({value})"),
        "count_at_least": gettext_lazy("ticks at least {value}"),
        "otherwise": gettext_lazy("is any other answer"),
    }
)
# The same comparisons as choices of a form, without the value.
COMPARE: Mapping[str, Promise] = MappingProxyType(
    {
        "equals": gettext_lazy("is"),
        "not_equals": gettext_lazy("is not"),
        "less_than": gettext_lazy("is less than"),
        "at_most": gettext_lazy("is at most"),
        "greater_than": gettext_lazy("is more than"),
        "at_least": gettext_lazy("is at least"),
        "between": gettext_lazy("lies between"),
        "missing": gettext_lazy("is missing"),
        "lacks": gettext_lazy("lacks the choice"),
        "includes": gettext_lazy("includes the choices"),
        "includes_fact": gettext_lazy("includes all of the fact"),
        "count_at_least": gettext_lazy("ticks at least"),
    }
)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _test(rule: Mapping[str, Any], unit: str = "") -> str:
    value = rule.get("value")
    if rule["op"] == "between" and value:
        value = _("{low} to {high}").format(low=value[0], high=value[1])
    text = str(TESTS[rule["op"]]).format(value=_value(value))
    gap = "" if unit.startswith("%") else " "
    return f"{text}{gap}{unit}" if unit and rule["op"] in NUMERIC else text


NUMERIC = ("less_than", "at_most", "greater_than", "at_least", "between")


def condition_words(question: Question, facts: tuple[Fact, ...]) -> str:
    """Say when the question is asked; empty when it is asked always."""
    said = _condition(question, facts)
    return _("Asked when {condition}").format(condition=said) if said else ""


def not_asked_words(question: Question, facts: tuple[Fact, ...]) -> str:
    """Say why a bid was not asked a question: not the same as leaving it blank."""
    return _("Not asked: this question is for bids in which {condition}.").format(
        condition=_condition(question, facts)
    )


def _condition(question: Question, facts: tuple[Fact, ...]) -> str:
    labels = {fact.key: fact.label.rstrip("?") for fact in facts}
    return _said(question.condition, _Subjects(labels)) if question.condition else ""


@dataclass(frozen=True)
class _Subjects:
    """What a test asks about, in words: a fact by its label, the own answer with its unit."""

    labels: Mapping[str, str]
    own: str = ""
    unit: str = ""

    def words(self, rule: Mapping[str, Any]) -> str:
        if "fact" in rule:
            label = self.labels.get(rule["fact"], rule["fact"])
            return _("the answer to “{label}” {test}").format(label=label, test=_test(rule))
        code = rule.get("question", self.own)
        if code == self.own:
            return _("the answer {test}").format(test=_test(rule, self.unit))
        return _("the answer to {code} {test}").format(code=code, test=_test(rule))


def _said(rule: Mapping[str, Any], subjects: _Subjects, *, inside: bool = False) -> str:
    """Write a condition as one phrase; a group inside another one stands in brackets."""
    parts = parts_of(rule)
    if not parts:
        return subjects.words(rule)
    if NOT in rule:
        return _("not ({condition})").format(condition=_said(parts[0], subjects))
    join = _(" and ") if ALL in rule else _(" or ")
    text = join.join(_said(part, subjects, inside=True) for part in parts)
    return f"({text})" if inside and len(parts) > 1 else text


def knockout_words(question: Question, facts: tuple[Fact, ...] = ()) -> str:
    """Say what excludes a bid; empty where nothing does."""
    rule = question.knockout
    if not rule:
        return ""
    subjects = _Subjects(
        labels={fact.key: fact.label.rstrip("?") for fact in facts},
        own=question.code,
        unit=question.unit or (_("rows") if question.kind in answers.TABLES else ""),
    )
    tests = _said(answers.what_excludes(rule), subjects)
    said = _("Excluded when {tests}").format(tests=tests)
    if rule.get("channels"):
        scope = ", ".join(rule["channels"])
        said = _("{said}, as far as one of these is in scope: {scope}").format(
            said=said, scope=scope
        )
    return said


def limits_words(question: Question) -> str:
    """Say between which figures, or how many rows, an answer lies; empty without limits."""
    limits, words = question.limits, {"least": _("at least {}"), "most": _("at most {}")}
    said = [words[name].format(limits[name]) for name in words if name in limits]
    if said and question.kind in answers.TABLES:
        said[-1] = _("{limits} filled rows").format(limits=said[-1])
    return ", ".join([*said, _("whole numbers")] if limits.get("whole") else said)


def auto_words(question: Question) -> list[tuple[str, str]]:
    """Return (level, when it is given) for each rule, best read from the top."""
    if points := answers.points_of(question.auto):
        found = [(points[str(one)], str(one)) for one in question.options if str(one) in points]
        if question.kind == AnswerKind.MULTI_CHOICE:
            found.append((plain(question.scale_max), _("At most, all that is chosen added up")))
        return found
    return [
        (str(rule["level"]), _("The answer {test}").format(test=_test(rule, question.unit)))
        for rule in question.auto
    ]


# How each price formula works, for people who choose one. "Depends on other bids" is said beside it.
FORMULAE: Mapping[str, Promise] = MappingProxyType(
    {
        "absolute-linear": gettext_lazy(
            "All points at the floor price or below, none at the cap or above, a straight line"
            " between. No other bid changes a vendor's points."
        ),
        "monetised-quality": gettext_lazy(
            "Each quality point is worth a sum of money that is taken off the price. The lowest"
            " adjusted price wins."
        ),
        "price-per-quality": gettext_lazy(
            "Price divided by quality points. The lowest price for a point wins; a minimum quality"
            " keeps cheap and weak bids out."
        ),
        "lowest-over-price": gettext_lazy("The lowest price divided by the vendor's price."),
        "linear-on-lowest": gettext_lazy(
            "All points for the lowest price; fewer for each percent above it."
        ),
        "min-max": gettext_lazy("All points for the lowest price, none for the highest."),
        "mean-reference": gettext_lazy("Points by distance from the mean of all prices."),
        "median-reference": gettext_lazy("Points by distance from the median of all prices."),
        "rank": gettext_lazy("Points by the order of prices; how far apart they are is lost."),
    }
)


def scored_price(rfp: Rfp, lot: Lot | None = None) -> ScoredPrice:
    """Say which figure of a bid earns the price points, of a lot by the lot's own figures.

    The figure is the present value that an adopted comparison finds (`pricing.services.adopt`),
    under the price of record that the RFP publishes.
    """
    formula, currency = PRICE_FORMULAE[rfp.price_formula], rfp.procurement.currency
    params = price_params(rfp, lot)
    return ScoredPrice(
        formula=formula.name,
        text=str(FORMULAE[formula.slug]),
        params=tuple(
            (
                one.help,
                formats.in_currency(params[one.name], currency)
                if one.unit is Unit.MONEY
                else str(params[one.name]),
            )
            for one in formula.fields
            if one.name in params
        ),
        counts=_(
            "The price that earns points is the present value of what the bid costs the buyer over"
            " the term of {months} months. It is not a rate of the price sheet, nor a sum without"
            " discount."
        ).format(months=rfp.term_months),
        rule=(*rule_sentences(rfp), *_rounding(rfp)),
    )


def _rounding(rfp: Rfp) -> tuple[str, ...]:
    if rfp.price_decimals is None:
        return ()
    return (
        _(
            "Price points are {rounded}, half up, before they are added to the quality points."
        ).format(rounded=rounded_to(rfp.price_decimals)),
    )


def rounded_to(decimals: int) -> str:
    """Say how points are rounded, to be put into a sentence."""
    if decimals == 0:
        return _("rounded to whole points")
    return ngettext("rounded to {n} decimal", "rounded to {n} decimals", decimals).format(
        n=decimals
    )


MODELS: Mapping[str, Promise] = MappingProxyType(
    {
        "per_fte": gettext_lazy("Per FTE: hours or full-time agents"),
        "per_minute": gettext_lazy("Per minute of handling"),
        "per_contact": gettext_lazy("Per contact handled or resolved"),
        "outcome_based": gettext_lazy("Outcome based: a fee with bonus and malus"),
        "managed_service": gettext_lazy("Managed service: a flat fee within a band"),
        "hybrid": gettext_lazy("Hybrid: a mix of models"),
    }
)
