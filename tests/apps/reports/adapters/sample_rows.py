"""The rows of the sample payloads, worked out from one table of scores."""

from decimal import Decimal
from statistics import median

from tests.apps.reports.adapters import drawings
from tests.apps.reports.adapters.drawings import MODELS, NAMES

COSTS = {letter: sum(parts) for letter, parts in drawings.COSTS.items()}
LEVELS = (60, 68, 78, 85, 95)
CRITERIA = (
    ("Service delivery", 20, {"A": 76, "B": 78, "C": 68, "D": 74}),
    ("Security and data protection", 25, {"A": 62, "B": 88, "C": 58, "D": 72}),
    ("Workforce and hiring", 15, {"A": 86, "B": 72, "C": 80, "D": 74}),
    ("Technology and platform", 12, {"A": 80, "B": 74, "C": 70, "D": 64}),
    ("Transition plan", 10, {"A": 72, "B": 78, "C": 66, "D": 70}),
    ("Cost over 36 months", 18, {"A": 100, "B": 86, "C": 94, "D": 93}),
)
REASONS = {
    "Service delivery": "Service levels are tied to credits in each month; the reporting sample was complete.",
    "Security and data protection": "Notice of a breach within 8 hours, two joint drills a year; certificates cover both sites.",
    "Workforce and hiring": "Hiring plan is credible for Polish and German; Dutch speakers in Kraków are scarce.",
    "Technology and platform": "Two-way integration shown live; agent assist runs in two of four languages.",
    "Transition plan": "Parallel run of six weeks; a step back is possible until week 10.",
    "Cost over 36 months": "Score follows from the price by the published formula.",
}


def fact(label, value, note):
    return {"label": label, "value": value, "note": note}


def reason(title, text):
    return {"title": title, "text": text}


def change(fact, now, threshold, then):
    return {"fact": fact, "now": now, "threshold": threshold, "then": then}


def member(name, role, scored, interests="None"):
    return {"name": name, "role": role, "scored": scored, "interests": interests}


def vendor(letter):
    return {"letter": letter, "name": NAMES[letter], "glyph": f"glyph_{letter}"}


def weighted(weight, score):
    return Decimal(weight) * score / 100


def total(letter, rows=CRITERIA):
    return sum(weighted(weight, scores[letter]) for _, weight, scores in rows)


def points(value):
    return f"{value:.1f}"


def euro(amount):
    return f"€{amount:,}"


def level(score):
    return str(sum(score > step for step in LEVELS))


def rank_row(place, letter):
    behind = total("B") - total(letter)
    return {
        "rank": str(place + 1),
        "vendor": vendor(letter),
        "quality": points(total(letter, CRITERIA[:-1])),
        "price": points(total(letter, CRITERIA[-1:])),
        "total": points(total(letter)),
        "behind": points(behind) if behind else "",
        "first_share": {"B": "93%", "A": "7%"}.get(letter, "0%"),
    }


def matrix_row(row):
    criterion, weight, scores = row
    return {
        "criterion": criterion,
        "weight": f"{weight}%",
        "cells": [
            {
                "score": str(scores[letter]),
                "level": level(scores[letter]),
                "points": points(weighted(weight, scores[letter])),
            }
            for letter in NAMES
        ],
    }


def intervals():
    rows = (
        (
            "Security and data protection",
            "25%",
            "18% to 100%",
            "Velora Connect leads below 18%",
            True,
        ),
        ("Cost over 36 months", "18%", "0% to 29%", "Velora Connect leads above 29%", False),
        ("Workforce and hiring", "15%", "0% to 26%", "Velora Connect leads above 26%", False),
        ("Technology and platform", "12%", "0% to 35%", "Velora Connect leads above 35%", False),
        ("Service delivery", "20%", "0% to 100%", "Castellan CX leads at any weight", False),
        ("Transition plan", "10%", "0% to 100%", "Castellan CX leads at any weight", False),
    )
    names = ("criterion", "weight", "holds", "then", "close")
    return [dict(zip(names, row, strict=True)) for row in rows]


def price_row(letter):
    return {
        "vendor": vendor(letter),
        "model": MODELS[letter],
        "cost": euro(COSTS[letter]),
        "points": points(total(letter, CRITERIA[-1:])),
    }


def section(place, letter):
    ordered = sorted(CRITERIA[:-1], key=lambda row: -row[2][letter])
    return {
        "vendor": vendor(letter),
        "place": f"rank {place + 1} of 4, {points(total(letter))} points",
        "finding": f"Strongest on {ordered[0][0].lower()} ({ordered[0][2][letter]}), weakest on {ordered[-1][0].lower()} ({ordered[-1][2][letter]}).",
        "weight_total": "100%",
        "total": points(total(letter)),
        "criteria": [
            {
                "criterion": criterion,
                "weight": f"{weight}%",
                "score": str(scores[letter]),
                "level": level(scores[letter]),
                "median": f"{median(scores.values()):g}",
                "points": points(weighted(weight, scores[letter])),
                "reason": REASONS[criterion],
            }
            for criterion, weight, scores in CRITERIA
        ],
        "strengths": [
            "Incident notice within 8 hours, written into the draft contract",
            "Parallel run of six weeks with a way back",
        ],
        "concerns": ["Names of the deputies for the three key people"] if letter != "C" else [],
    }
