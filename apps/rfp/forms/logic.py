"""When a question is asked, and what excludes a bid."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, Incomplete
from apps.core.forms import Form, LongSelect
from apps.rfp.answers import TEST_OPS, what_excludes
from apps.rfp.forms.questions import fact_text, fact_value, unmarked
from apps.rfp.forms.scoring import rule_text, rule_value
from apps.rfp.models import Question
from apps.rfp.selectors.wording import COMPARE
from apps.rfp.types import Fact
from apps.rfp.workbooks import phrases

CHANNELS = "channels"
# Where a refusal of the service is shown: the rule in words, or the first of its fields.
BESIDE = {"condition": ("asked_rule", "asked_on"), "knockout": ("out_rule", "out_op")}


class LogicForm(Form):
    """A condition and a knock-out: a simple one in fields, any other as a rule in words.

    The words are those of the workbook, so that a rule is written the same way in both.
    """

    asked_on = forms.ChoiceField(label=_("Asked"), required=False, widget=LongSelect)
    asked_op = forms.ChoiceField(label=_("The answer"), required=False)
    asked_value = forms.CharField(
        label=_("Value"),
        required=False,
        help_text=_(
            "Yes or No for a fact of that kind; a range as 2 to 5; choices with semicolons"
        ),
    )
    asked_rule = forms.CharField(
        label=_("Or asked when this rule holds"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            'Join tests by and, or, not, with brackets: question 1.02 equals "Yes" and (fact'
            ' channels includes "Voice" or not question 3.04 missing)'
        ),
    )
    out_op = forms.ChoiceField(label=_("A bid is excluded when the answer"), required=False)
    out_value = forms.CharField(label=_("Value"), required=False)
    also_question = forms.ChoiceField(
        label=_("And the answer to"), required=False, widget=LongSelect
    )
    also_op = forms.ChoiceField(label=_("The answer"), required=False)
    also_value = forms.CharField(label=_("Value"), required=False)
    out_rule = forms.CharField(
        label=_("Or excluded when this rule holds"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Written as above; a test that names nothing asks about this answer:"
            ' equals "No" and not question 11.02 equals "Yes"'
        ),
    )
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
        channels = next((fact.options for fact in facts if fact.key == CHANNELS), ())
        self._offer(
            asked_on=[
                ("", _("Always")),
                (_("When a fact of the tender"), [(f"fact:{f.key}", f.label) for f in facts]),
                (
                    _("When the answer to"),
                    [(f"question:{code}", name) for code, name in named],
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
        """Fill the fields from rules they say exactly; any other rule stands in words."""
        rule, out = question.condition, question.knockout
        simple = _asked_fields(rule)
        found = simple if _condition(simple, _as_is) == rule else {}
        if rule and not found:
            found = {"asked_rule": phrases.write_condition(rule)}
        tests = _out_fields(out, question.code)
        if _tests(tests, question.code) == what_excludes(out):
            found = {**found, **tests}
        else:
            found = {**found, "out_rule": phrases.write_tests(what_excludes(out))}
        return {
            **found,
            "channels": out.get("channels", []),
            "reason": out.get("reason", ""),
        }

    def carry(self, error: DomainError) -> None:
        """Show what the service says of a rule beside the rule."""
        fields = {}
        for name, text in error.fields.items():
            words, first = BESIDE.get(name, (name, name))
            fields[words if self.data.get(words) else first] = text
        super().carry(Incomplete(error.sentence, fields=fields))

    def changes(self) -> dict[str, Any]:
        given = self.checked()
        simple = {name: value for name, value in given.items() if name.startswith("asked_")}
        condition = _condition(simple, lambda name, text: fact_value(self.facts, name, text))
        condition = _either(condition, given, "asked_rule", phrases.read_condition)
        inside = _either(_tests(given, self.code), given, "out_rule", phrases.read_tests)
        return {"condition": condition, "knockout": self._knockout(inside, given)}

    @staticmethod
    def _knockout(inside: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        if not inside:
            return {}
        channels = {"channels": given["channels"]} if given["channels"] else {}
        return {**inside, "reason": given["reason"], **channels}


def _either(
    simple: dict[str, Any],
    given: dict[str, Any],
    name: str,
    read: Callable[[str], dict[str, Any]],
) -> dict[str, Any]:
    """Return the rule of the fields or the one in words; both at once are refused."""
    if not given[name].strip():
        return simple
    sentence = _now("Write the rule here or in the fields above, not in both.")
    if not simple:
        try:
            return read(given[name].strip())
        except phrases.Unclear as unclear:
            sentence = str(unclear)
    raise Incomplete(sentence, fields={name: sentence})


def _as_is(_name: str, text: Any) -> Any:
    return {"Yes": True, "No": False}.get(text, text)


def _asked_fields(rule: Mapping[str, Any]) -> dict[str, Any]:
    subject = next((one for one in ("fact", "question") if one in rule), "")
    if not subject or "op" not in rule:
        return {}
    value = rule.get("value")
    return {
        "asked_on": f"{subject}:{rule[subject]}",
        "asked_op": rule["op"],
        "asked_value": fact_text(value) if isinstance(value, bool) else rule_text(rule),
    }


def _condition(given: Mapping[str, Any], of_fact: Callable[[str, str], Any]) -> dict[str, Any]:
    source, _colon, name = given.get("asked_on", "").partition(":")
    if not source:
        return {}
    rule = {source: name, **_test(given["asked_op"], given["asked_value"])}
    if source == "fact" and isinstance(rule.get("value"), str):
        rule["value"] = of_fact(name, rule["value"])
    return rule


def _out_fields(out: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return the fields of one test, or of two of which the first is about the own answer."""
    tests = out.get("all") or ([out] if "op" in out else [])
    if not tests:
        return {}
    found = {"out_op": tests[0].get("op", ""), "out_value": rule_text(tests[0])}
    if len(tests) > 1 and tests[0].get("question") == code:
        found |= {
            "also_question": tests[1].get("question", ""),
            "also_op": tests[1].get("op", ""),
            "also_value": rule_text(tests[1]),
        }
    return found


def _tests(given: Mapping[str, Any], code: str) -> dict[str, Any]:
    if not given.get("out_op"):
        return {}
    first = _test(given["out_op"], given["out_value"])
    if not given.get("also_question"):
        return first
    second = _test(given["also_op"], given["also_value"])
    return {"all": [{"question": code, **first}, {"question": given["also_question"], **second}]}


def _test(op: str, text: str) -> dict[str, Any]:
    return {"op": op} if op == "missing" else {"op": op, "value": rule_value(op, text)}
