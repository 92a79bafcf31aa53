"""The files of the demo case in plain data, and what it means that an answer fits its question."""

import math
import re
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "cceval/demo"


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


CASE = load(DEMO / "case.toml")
SCORES = load(DEMO / "scores.toml")
SECOND = load(DEMO / "second.toml")
VENDORS = {v["key"]: v for v in (load(DEMO / f"vendors_{x}.toml") for x in "abcd")}
QUESTIONNAIRE = load(ROOT / "apps/rfp/questionnaires/bpo_voice_support.toml")
FRAMEWORK = load(ROOT / "apps/readiness/frameworks/outsourcing_readiness.toml")
TREE = load(ROOT / "apps/decision/trees/outsourcing.toml")

SECTION_OF = {q["code"]: s for s in QUESTIONNAIRE["sections"] for q in s["questions"]}
QUESTION = {q["code"]: q for s in QUESTIONNAIRE["sections"] for q in s["questions"]}
ASKED = CASE["rfp"]["questions"]
MANUAL = [code for code in ASKED if QUESTION[code]["mode"] == "manual"]
SCORED = [code for code in ASKED if QUESTION[code]["mode"] in {"manual", "auto"}]
PEOPLE = {person["key"]: person for person in CASE["people"]}
EVALUATORS = [key for key, person in PEOPLE.items() if "evaluator" in person["roles"]]
ADMITTED = ["velora", "castellan", "tamarind"]
FIGURES = {"number", "percent", "currency"}
TABLES = {"table", "matrix", "price_table"}


# --- is an answer of the kind its question asks for? ---


def is_figure(raw: object) -> bool:
    return isinstance(raw, str) and re.fullmatch(r"-?\d+(\.\d+)?", raw) is not None


def is_text(raw: object) -> bool:
    return isinstance(raw, str) and raw.strip() != ""


def is_date(raw: object) -> bool:
    return isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw) is not None


def fits_plain(kind: str, raw: object) -> bool:
    if kind in FIGURES:
        return is_figure(raw)
    return is_date(raw) if kind == "date" else is_text(raw)


def fits_table(question: dict[str, Any], raw: object) -> bool:
    kinds = {column["name"]: column["kind"] for column in question["options"]}
    return isinstance(raw, list) and all(
        list(row) == list(kinds) and all(fits_plain(kinds[name], row[name]) for name in row)
        for row in raw
    )


def fits_file(question: dict[str, Any], raw: object) -> bool:
    return (
        isinstance(raw, dict)
        and list(raw) == ["name", "title", "text"]
        and raw["name"].rsplit(".", 1)[1] in question["options"]
    )


def fits(question: dict[str, Any], raw: object) -> bool:
    match question["kind"]:
        case "yes_no":
            return raw in ("Yes", "No")
        case "single_choice":
            return raw in question["options"]
        case "multi_choice":
            return isinstance(raw, list) and bool(raw) and set(raw) <= set(question["options"])
        case "file":
            return fits_file(question, raw)
        case kind if kind in TABLES:
            return fits_table(question, raw)
        case kind:
            return fits_plain(kind, raw)


def excluded_by(rule: dict[str, Any], answers: dict[str, Any], code: str) -> bool:
    """The knock-out rules that occur, on the answers of the demo."""
    if "all" in rule:
        return all(excluded_by(part, answers, part["question"]) for part in rule["all"])
    raw = answers.get(code)
    if rule["op"] == "missing":
        return not raw
    if rule["op"] == "lacks":
        return rule["value"] not in raw
    if rule["op"] == "equals":
        return raw == rule["value"]
    figure = Decimal(len(raw)) if isinstance(raw, list) else Decimal(raw)
    limit = Decimal(rule["value"])
    return figure < limit if rule["op"] == "less_than" else figure > limit


def knocked_out(vendor: dict[str, Any]) -> list[str]:
    rules = {code: QUESTION[code]["knockout"] for code in ASKED if "knockout" in QUESTION[code]}
    answers = vendor["answers"]
    return [code for code, rule in rules.items() if excluded_by(rule, answers, code)]


# --- the workload, by the formula written in case.toml ---


def half_hour_weights(workload: dict[str, Any]) -> list[float]:
    """The formula written in the file, half-hour by half-hour from Monday 00:00."""
    closed = workload["closed_weekdays"]
    weights = []
    for index in range(336):
        weekday, hour = index // 48 < 5, (index % 48) / 2 + 0.25
        if weekday and closed["from"] <= hour < closed["to"]:
            weights.append(0.0)
            continue
        peaks = workload["weekday_peaks" if weekday else "weekend_peaks"]
        parts = [
            float(peak["height"])
            * math.exp(-(((hour - float(peak["hour"])) / float(peak["width"])) ** 2))
            for peak in peaks
        ]
        weights.append(float(workload["base"]) + sum(parts))
    return weights


def contacts() -> list[Decimal]:
    workload = CASE["workload"]
    weights = half_hour_weights(workload)
    total = float(workload["contacts_per_week"])
    cents = Decimal("0.01")
    return [
        Decimal(total * weight / sum(weights)).quantize(cents, ROUND_HALF_UP) for weight in weights
    ]
