"""The words by which foreign questionnaires name their columns and kinds of answer."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from apps.rfp.states import AnswerKind


class Role(StrEnum):
    """What a column of a foreign sheet may hold for us."""

    CODE = "code"
    SECTION = "section"
    TOPIC = "topic"
    QUESTION = "question"
    KIND = "kind"
    OPTIONS = "options"
    UNIT = "unit"
    REQUIRED = "required"
    WEIGHT = "weight"
    WORD_LIMIT = "word_limit"
    EVIDENCE = "evidence"
    GUIDANCE = "guidance"


# From the surest heading to the least sure; the first column that says one of them gets the role.
HEADINGS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.QUESTION: (
        *("question", "question text", "requirement", "question / requirement", "criterion text"),
        *(
            "requirement description",
            "questions",
            "requirements",
            "description",
            "detail",
            "details",
        ),
        *("frage", "anforderung", "pregunta", "domanda"),
    ),
    Role.KIND: (
        *("answer type", "response type", "question type", "type of answer", "type of response"),
        *("propertydatatype", "data type", "answer format", "response format", "type", "format"),
    ),
    Role.OPTIONS: (
        *("answer options", "options", "choices", "response options", "possible answers"),
        *("drop-down values", "dropdown values", "list values", "code list", "values"),
    ),
    Role.WEIGHT: (
        *("weight", "weighting", "weight %", "weighting %", "points", "max points"),
        *("maximum score", "max score", "marks", "score available"),
    ),
    Role.REQUIRED: ("mandatory", "required", "mandatory?", "required?", "m/o", "compulsory"),
    Role.SECTION: ("section", "category", "chapter", "area", "domain", "group", "heading"),
    Role.TOPIC: ("topic", "name", "title", "subject", "short name", "criterion", "sub-category"),
    Role.CODE: (
        *("no", "no.", "nr", "nr.", "#", "ref", "ref.", "reference", "id", "number", "item"),
        *("question no", "question no.", "question id", "question number", "question ref"),
    ),
    Role.WORD_LIMIT: ("word limit", "max words", "maximum words", "words"),
    Role.UNIT: ("unit", "units", "unit of measure"),
    Role.GUIDANCE: (
        *("guidance", "guidance notes", "help text", "help", "hint", "instructions", "explanation"),
        *("notes for vendors", "response guidance", "hinweis"),
    ),
    Role.EVIDENCE: ("evidence", "evidence required", "supporting documents", "attachments"),
}

KINDS: Final[Mapping[str, AnswerKind]] = {
    **dict.fromkeys(("text", "short text", "string", "single line", "url", "identifier"), AnswerKind.TEXT_SHORT),
    **dict.fromkeys(
        ("long text", "free text", "narrative", "description", "paragraph", "multi line", "textarea"),
        AnswerKind.TEXT_LONG,
    ),
    **dict.fromkeys(
        ("yes/no", "yes / no", "y/n", "yes no", "boolean", "indicator", "true/false"),
        AnswerKind.YES_NO,
    ),
    **dict.fromkeys(
        ("single choice", "dropdown", "drop-down", "drop down", "radio", "select one", "list", "pick list"),
        AnswerKind.SINGLE_CHOICE,
    ),
    **dict.fromkeys(
        ("multiple choice", "multi choice", "checkbox", "checkboxes", "select all", "multi-select"),
        AnswerKind.MULTI_CHOICE,
    ),
    **dict.fromkeys(
        ("number", "numeric", "integer", "decimal", "quantity", "quantity_integer", "quantity_year"),
        AnswerKind.NUMBER,
    ),
    **dict.fromkeys(("percentage", "percent", "%"), AnswerKind.PERCENT),
    **dict.fromkeys(("currency", "money", "amount", "price"), AnswerKind.CURRENCY),
    **dict.fromkeys(("date",), AnswerKind.DATE),
    **dict.fromkeys(("date range", "dates from and to"), AnswerKind.DATE_RANGE),
    **dict.fromkeys(
        ("file", "attachment", "upload", "document", "file upload"), AnswerKind.FILE
    ),
}  # fmt: skip

YES: Final = frozenset({"yes", "y", "mandatory", "m", "required", "true", "x", "1", "✓", "must"})
NO: Final = frozenset({"no", "n", "optional", "o", "false", "0", "", "-", "may"})
LANGUAGES: Final = frozenset(
    [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "ga",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "sk",
        "sl",
        "sv",
    ]
)
ASKS: Final = re.compile(
    r"^(what|which|how|who|when|where|why|do|does|did|is|are|has|have|can|will|please|describe|"
    r"explain|provide|list|state|confirm|give|attach|indicate|detail|specify|outline)\b",
    re.IGNORECASE,
)
