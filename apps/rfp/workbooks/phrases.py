"""Rules as people write them in a cell, and back, without losing anything.

A test reads `question 1.02 equals "Yes"` or `fact channels lacks "Voice"`; in a knock-out a test that
names nothing asks about the question's own answer. Tests are joined by `and`, `or` and `not`, groups
stand in brackets: `question 1.02 equals "Yes" and (fact regulated equals true or not question 3.04
missing)`. Marks stand one on a line, `5 if less_than "15"` and at the end `0 otherwise`; points of choices read `points {"Chat": "1", "Voice": "3"}`. Values are JSON. Whatever these words cannot say exactly is
written as JSON behind the word `json`: each writer reads its own text back before it hands it out.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NoReturn, TypeAlias

from django.utils.translation import gettext as _

Rule: TypeAlias = Mapping[str, Any]
PLAIN: Final = "json "
WORD: Final = re.compile(r"[\w.\-]+")
SUBJECTS: Final = ("question", "fact")
JOINED: Final[Mapping[str, str]] = {"and": "all", "or": "any"}
POINTS: Final = "points"
DEEPEST: Final = 20  # brackets inside brackets; a draft takes fewer
OPERATION: Final = re.compile(r"[a-z_]+")
DECODER: Final = json.JSONDecoder()


class Unclear(ValueError):
    """The text cannot be read; the message is a sentence for people."""


def unclear(sentence: str) -> NoReturn:
    raise Unclear(sentence)


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def exactly(value: Any, text: str, read: Callable[[str], Any]) -> str:
    """Return the text when it reads back as the value, and JSON when it does not."""
    try:
        if read(text) == value:
            return text
    except ValueError:
        pass
    return PLAIN + as_json(value)


def of_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        unclear(_("Write this as JSON, or in the words of the instructions."))


class Reader:
    """Reads words and JSON values from the left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1

    @property
    def done(self) -> bool:
        self.skip()
        return self.at >= len(self.text)

    def word(self, pattern: re.Pattern[str]) -> str:
        """Take a word when one of this pattern comes next, empty when not."""
        self.skip()
        found = pattern.match(self.text, self.at)
        if not found:
            return ""
        self.at = found.end()
        return found[0]

    def value(self) -> Any:
        self.skip()
        try:
            found, self.at = DECODER.raw_decode(self.text, self.at)
        except (ValueError, RecursionError):
            unclear(_('Write the value in double quotes, for example equals "Yes".'))
        return found

    def name(self) -> str:
        """Take the name of a question or a fact: a word, or text in quotes."""
        self.skip()
        if self.text[self.at : self.at + 1] == '"':
            return str(self.value())
        return self.word(WORD) or unclear(_("Name the question or the fact of the rule."))

    def comes(self, word: str) -> bool:
        self.skip()
        found = WORD.match(self.text, self.at)
        if not found or found[0] != word:
            return False
        self.at = found.end()
        return True

    def sign(self, sign: str) -> bool:
        """Take a bracket when it comes next."""
        self.skip()
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def rule(self, depth: int = 0) -> dict[str, Any]:
        """Take tests joined by `or`; `and` binds closer."""
        return self._joined("or", lambda: self._joined("and", lambda: self._part(depth)))

    def _joined(self, word: str, part: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        found = [part()]
        while self.comes(word):
            found.append(part())
        return found[0] if len(found) == 1 else {JOINED[word]: found}

    def _part(self, depth: int) -> dict[str, Any]:
        """Take one test, a group in brackets, or the opposite of either."""
        if depth > DEEPEST:
            unclear(_("Set fewer brackets inside each other."))
        if self.comes("not"):
            return {"not": self._part(depth + 1)}
        if not self.sign("("):
            return self.test()
        found = self.rule(depth + 1)
        if not self.sign(")"):
            unclear(_("Close every bracket of the rule."))
        return found

    def test(self) -> dict[str, Any]:
        rule: dict[str, Any] = {}
        for subject in SUBJECTS:
            if self.comes(subject):
                rule[subject] = self.name()
                break
        rule["op"] = self.word(OPERATION) or unclear(
            _("Say how the rule compares, for example equals or less_than.")
        )
        if not self.done and self.text[self.at] in '"[{-0123456789tfn':
            rule["value"] = self.value()
        return rule


def _named(name: object) -> str:
    text = str(name)
    return text if WORD.fullmatch(text) else as_json(text)


def _test(rule: Rule) -> str:
    said = [f"{subject} {_named(rule[subject])}" for subject in SUBJECTS if subject in rule]
    said.append(str(rule.get("op", "")))
    if "value" in rule:
        said.append(as_json(rule["value"]))
    return " ".join(said)


def _rule(rule: Rule, *, inside: bool = False) -> str:
    """Write a rule; a group inside another one stands in brackets."""
    if "not" in rule:
        return f"not {_rule(rule['not'], inside=True)}"
    for join in ("and", "or"):
        if parts := rule.get(JOINED[join]):
            text = f" {join} ".join(_rule(part, inside=True) for part in parts)
            return f"({text})" if inside else text
    return _test(rule)


def write_condition(rule: Rule) -> str:
    return exactly(dict(rule), _rule(rule), read_condition) if rule else ""


def read_condition(text: str) -> dict[str, Any]:
    """Read a rule of tests joined by and, or, not; empty for none. Unclear with a sentence."""
    if not text.strip():
        return {}
    if text.startswith(PLAIN):
        return mapping(of_json(text[len(PLAIN) :]))
    reader = Reader(text)
    rule = reader.rule()
    if not reader.done:
        unclear(
            _(
                'Join tests by and or or, and set brackets, for example question 1.02 equals "Yes"'
                " and (fact regulated equals true or not question 3.04 missing)."
            )
        )
    return rule


def write_tests(rule: Rule) -> str:
    """Write what a knock-out asks, without its reason and its channels."""
    return exactly(dict(rule), _rule(rule), read_tests) if rule else ""


def read_tests(text: str) -> dict[str, Any]:
    """Read what a knock-out asks; one test that names a question is still a list of tests."""
    rule = read_condition(text)
    return {"all": [rule]} if set(SUBJECTS) & set(rule) and not text.startswith(PLAIN) else rule


def write_marks(rules: Sequence[Rule]) -> str:
    if not rules:
        return ""
    return exactly([dict(rule) for rule in rules], "\n".join(map(_mark, rules)), read_marks)


def _mark(rule: Rule) -> str:
    rest = {name: value for name, value in rule.items() if name != "level"}
    level = as_json(rule.get("level"))
    if rest == {"op": "otherwise"}:
        return f"{level} otherwise"
    if rule.get("op") == POINTS:
        return f"{POINTS} {as_json(rule.get('value'))}"
    return f"{level} if {_test(rest)}"


def read_marks(text: str) -> list[dict[str, Any]]:
    """Read marks by rule, one on a line."""
    if text.startswith(PLAIN):
        found = of_json(text[len(PLAIN) :])
        return [mapping(one) for one in found] if isinstance(found, list) else unclear_list()
    return [_read_mark(line) for line in text.split("\n") if line.strip()]


def _read_mark(line: str) -> dict[str, Any]:
    reader = Reader(line)
    if reader.comes(POINTS):
        return _alone(reader, {"op": POINTS, "value": reader.value()})
    level = reader.value()
    if reader.comes("otherwise"):
        rule = {"level": level, "op": "otherwise"}
    elif reader.comes("if"):
        rule = {"level": level, **reader.test()}
    else:
        unclear(_('Write each mark as 5 if at_most "24", and the last one as 0 otherwise.'))
    return _alone(reader, rule)


def _alone(reader: Reader, rule: dict[str, Any]) -> dict[str, Any]:
    if not reader.done:
        unclear(_('Write one mark on a line, for example 5 if at_most "24".'))
    return rule


def mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        unclear(_("Write the rule as a JSON object, or in the words of the instructions."))
    return value


def unclear_list() -> NoReturn:
    unclear(_("Write a JSON list, or one entry on a line."))
