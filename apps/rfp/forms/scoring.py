"""How an answer is scored: by people against anchors, or by rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.rfp import answers
from apps.rfp.answers.operations import POINTS
from apps.rfp.forms.questions import DOMAINS, unmarked
from apps.rfp.models import Question
from apps.rfp.selectors.pages import anchors_of
from apps.rfp.selectors.wording import COMPARE
from apps.rfp.states import AnswerKind, ScoringMode
from apps.rfp.types import least, plain

CHOICES = (AnswerKind.SINGLE_CHOICE, AnswerKind.MULTI_CHOICE)
SPARE_RULES = 2
AUTO = (
    *("equals", "less_than", "at_most", "greater_than", "at_least", "between"),
    *("includes", "includes_fact", "count_at_least"),
)


def rule_text(rule: Mapping[str, Any]) -> str:
    """Write the value of a rule: ends of a range with `to`, choices with semicolons."""
    value = rule.get("value", "")
    if rule.get("op") == "between":
        return " to ".join(map(str, value))
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def rule_value(op: str, text: str) -> Any:
    if op == "between":
        return [part.strip() for part in text.split(" to ")]
    if op == "includes":
        return [part.strip() for part in text.split(";") if part.strip()]
    return text.strip()


class ScoringForm(Form):
    mode = forms.ChoiceField(label=_("How it counts"), choices=ScoringMode.choices)
    weight = forms.CharField(
        label=_("Points"), required=False, help_text=_("Its share of the section's points")
    )
    minimum = forms.CharField(
        label=_("Minimum score"),
        required=False,
        help_text=_("A bid below it is excluded; empty asks for none"),
    )
    held_at = forms.CharField(
        label=_("Held at without evidence"),
        required=False,
        help_text=_("A higher score counts once unexpired evidence is there; empty asks for none"),
    )
    domain = forms.ChoiceField(label=_("Domain"), choices=DOMAINS, required=False)
    otherwise = forms.CharField(
        label=_("Every other answer"), required=False, help_text=_("A score of the scale")
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.anchors = anchors_of(question)
        for anchor in self.anchors:
            self.fields[f"rubric-{anchor.score}"] = forms.CharField(
                label=str(anchor.label), required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
        self.choices = [str(one) for one in question.options] if question.kind in CHOICES else []
        for at in range(len(self.choices)):
            self.fields[f"points-{at}"] = forms.CharField(label=_("Points"), required=False)
        rules = _rules(question)
        self.rules = len(rules) + SPARE_RULES
        compare = [("", _("No rule")), *((op, COMPARE[op]) for op in AUTO)]
        for at in range(self.rules):
            self.fields[f"op-{at}"] = forms.ChoiceField(
                label=_("Comparison"), choices=compare, required=False
            )
            self.fields[f"value-{at}"] = forms.CharField(label=_("Value"), required=False)
            self.fields[f"level-{at}"] = forms.CharField(label=_("Score"), required=False)
        unmarked(self)

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        rules = _rules(question)
        points = answers.points_of(question.auto)
        rest: dict[str, Any] = next(
            (rule for rule in question.auto if rule.get("op") == "otherwise"), {}
        )
        found: dict[str, Any] = {
            "mode": question.mode,
            "weight": plain(question.weight),
            "minimum": least(question.minimum) or "",
            "held_at": least(question.held_at) or "",
            "domain": question.domain,
            "otherwise": rest.get("level", ""),
        }
        found |= {
            f"points-{at}": points.get(str(one), "") for at, one in enumerate(question.options)
        }
        found |= {f"rubric-{step}": text for step, text in question.rubric.items()}
        for at, rule in enumerate(rules):
            found |= {
                f"op-{at}": rule["op"],
                f"value-{at}": rule_text(rule),
                f"level-{at}": rule["level"],
            }
        return found

    def anchor_rows(self) -> list[tuple[Any, BoundField]]:
        """Return each anchor with its field, for the template."""
        return [(anchor, self[f"rubric-{anchor.score}"]) for anchor in self.anchors]

    def point_rows(self) -> list[tuple[str, BoundField]]:
        """Return each choice with the field of its points."""
        return [(choice, self[f"points-{at}"]) for at, choice in enumerate(self.choices)]

    def rule_rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        return [
            (self[f"op-{at}"], self[f"value-{at}"], self[f"level-{at}"]) for at in range(self.rules)
        ]

    def changes(self) -> dict[str, Any]:
        given = self.checked()
        rubric = {str(one.score): given[f"rubric-{one.score}"] for one in self.anchors}
        auto: list[dict[str, Any]] = [
            {
                "level": given[f"level-{at}"].strip(),
                "op": given[f"op-{at}"],
                "value": rule_value(given[f"op-{at}"], given[f"value-{at}"]),
            }
            for at in range(self.rules)
            if given[f"op-{at}"]
        ]
        if given["otherwise"].strip():
            auto.append({"level": given["otherwise"].strip(), "op": "otherwise"})
        return {
            "mode": given["mode"],
            "weight": given["weight"] or "0",
            "minimum": given["minimum"] or None,
            "held_at": given["held_at"] or None,
            "domain": given["domain"],
            "rubric": {step: text for step, text in rubric.items() if text.strip()},
            "auto": self._points(given, auto) or auto,
        }

    def _points(self, given: dict[str, Any], rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the points of the choices as the one rule; beside other rules they are refused."""
        named = {one: given[f"points-{at}"].strip() for at, one in enumerate(self.choices)}
        if not any(named.values()):
            return []
        if rules:
            sentence = _("Give points to the choices, or write rules; not both.")
            raise Incomplete(str(sentence), fields={"points-0": str(sentence)})
        return [{"op": POINTS, "value": {one: level or "0" for one, level in named.items()}}]


def _rules(question: Question) -> list[dict[str, Any]]:
    """Return the rules that have a line of their own: not points, not the level of the rest."""
    return [rule for rule in question.auto if rule.get("op") not in {"otherwise", POINTS}]
