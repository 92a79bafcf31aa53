"""When a question is asked, and what excludes a bid."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form, LongSelect
from apps.rfp.answers import TEST_OPS
from apps.rfp.forms.questions import fact_text, fact_value, unmarked
from apps.rfp.models import Question
from apps.rfp.selectors.wording import COMPARE
from apps.rfp.types import Fact

CHANNELS = "channels"


class LogicForm(Form):
    """A condition on one fact or one answer; a knock-out of one test, or of two that both hold."""

    asked_on = forms.ChoiceField(label=_("Asked"), required=False, widget=LongSelect)
    asked_op = forms.ChoiceField(label=_("The answer"), required=False)
    asked_value = forms.CharField(
        label=_("Value"), required=False, help_text=_("Yes or No for a fact of that kind")
    )
    out_op = forms.ChoiceField(label=_("A bid is excluded when the answer"), required=False)
    out_value = forms.CharField(label=_("Value"), required=False)
    also_question = forms.ChoiceField(
        label=_("And the answer to"), required=False, widget=LongSelect
    )
    also_op = forms.ChoiceField(label=_("The answer"), required=False)
    also_value = forms.CharField(label=_("Value"), required=False)
    channels = forms.MultipleChoiceField(
        label=_("Only while one of these channels is in scope"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reason that an excluded vendor reads"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        question: Question,
        others: Iterable[Question],
        facts: tuple[Fact, ...],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.code, self.facts = question.code, facts
        compare = [("", _("Choose")), *((op, COMPARE[op]) for op in TEST_OPS)]
        named = [(one.code, f"{one.code} {one.topic}") for one in others]
        free = {one.code for one in others if not one.condition}
        channels = next((fact.options for fact in facts if fact.key == CHANNELS), ())
        self._offer(
            asked_on=[
                ("", _("Always")),
                (_("When a fact of the tender"), [(f"fact:{f.key}", f.label) for f in facts]),
                (
                    _("When the answer to"),
                    [(f"question:{code}", name) for code, name in named if code in free],
                ),
            ],
            asked_op=compare,
            out_op=[("", _("Never")), *compare[1:]],
            also_question=[("", _("No second test")), *named],
            also_op=compare,
            channels=[(name, name) for name in channels],
        )
        unmarked(self)

    def _offer(self, **choices: Any) -> None:
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        found: dict[str, Any] = {}
        rule = question.condition
        if rule:
            source = f"fact:{rule['fact']}" if "fact" in rule else f"question:{rule['question']}"
            found |= {
                "asked_on": source,
                "asked_op": rule["op"],
                "asked_value": fact_text(rule.get("value")),
            }
        out = question.knockout
        if not out:
            return found
        tests = out.get("all") or [out]
        found |= {
            "out_op": tests[0]["op"],
            "out_value": tests[0].get("value", ""),
            "channels": out.get("channels", []),
            "reason": out.get("reason", ""),
        }
        if len(tests) > 1:
            found |= {
                "also_question": tests[1]["question"],
                "also_op": tests[1]["op"],
                "also_value": tests[1].get("value", ""),
            }
        return found

    @staticmethod
    def fits(question: Question) -> bool:
        """Whether these fields can show the knock-out; a longer one is edited by the API."""
        tests = question.knockout.get("all", [])
        return len(tests) <= 2 and (not tests or tests[0]["question"] == question.code)  # noqa: PLR2004 -- the two tests above

    def changes(self) -> dict[str, Any]:
        given = self.checked()
        return {"condition": self._condition(given), "knockout": self._knockout(given)}

    def _condition(self, given: dict[str, Any]) -> dict[str, Any]:
        source, _colon, name = given["asked_on"].partition(":")
        if not source:
            return {}
        rule: dict[str, Any] = {source: name, "op": given["asked_op"]}
        if given["asked_op"] != "missing":
            text = given["asked_value"]
            rule["value"] = fact_value(self.facts, name, text) if source == "fact" else text
        return rule

    def _knockout(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given["out_op"]:
            return {}
        first = _test(given["out_op"], given["out_value"])
        rule: dict[str, Any] = {"reason": given["reason"]}
        if given["channels"]:
            rule["channels"] = given["channels"]
        if not given["also_question"]:
            return {**first, **rule}
        second = _test(given["also_op"], given["also_value"])
        both = [{"question": self.code, **first}, {"question": given["also_question"], **second}]
        return {"all": both, **rule}


def _test(op: str, value: str) -> dict[str, Any]:
    return {"op": op} if op == "missing" else {"op": op, "value": value}
