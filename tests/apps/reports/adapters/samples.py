"""Two payloads as the reports app builds them, from one small fictional procurement.

Scores, weights and costs agree with one another: totals and points are worked out here from the
table of scores, and the drawings show the same figures.
"""

from apps.proof import hashes
from apps.reports.adapters import pages
from tests.apps.reports.adapters import drawings
from tests.apps.reports.adapters.drawings import NAMES, PARTS
from tests.apps.reports.adapters.sample_rows import (
    COSTS,
    CRITERIA,
    change,
    fact,
    intervals,
    matrix_row,
    member,
    points,
    price_row,
    rank_row,
    reason,
    section,
    total,
    vendor,
)


def scorecard():
    return _whole(
        {
            **_common("Scorecard", "SC-2026-014-1", "version 1"),
            "finding": "Castellan CX ranks first of four, 2.2 points ahead of Velora Connect",
            "lede": {
                "before": "Castellan CX reaches 80.6 of 100 points and stays first in",
                "key": "93% of plausible weightings",
                "after": ". Its lead rests on security: below a weight of 18% Velora Connect leads.",
            },
            "facts": [
                fact("Weighted total", "80.6", "of 100, Castellan CX"),
                fact("Lead", "2.2", "points over Velora Connect"),
                fact("First in", "93%", "of 20,000 weightings, each weight ±35%"),
                fact("Agreement", "0.81", "Krippendorff's alpha of four evaluators"),
            ],
            "vendors": [vendor(letter) for letter in NAMES],
            "knockouts": [
                {
                    "vendor": {"letter": "E", "name": "Brightline Contact", "glyph": "glyph_E"},
                    "requirement": "1.07 Data of callers stays inside the EEA",
                    "answer": "No: recordings are stored in Singapore.",
                }
            ],
            "matrix": {
                "note": "weights agreed 31 August 2026, before bids were opened",
                "weight_total": "100%",
                "totals": [points(total(letter)) for letter in NAMES],
                "rows": [matrix_row(row) for row in CRITERIA],
            },
            "robustness": {
                "note": "20,000 draws, each weight ±35%, seed 7",
                "sentence": "Castellan CX is first in 93% of the weightings and never below second.",
                "ranks": ["1st", "2nd", "3rd", "4th or later"],
                "intervals": intervals(),
            },
            "prices": {
                "note": "EUR before tax, 36 months from go-live",
                "cost_label": "Cost over 36 months",
                "rows": [price_row(letter) for letter in sorted(COSTS, key=COSTS.__getitem__)],
                "formula": "Lowest over price: 100 times the lowest cost, divided by the vendor's cost, rounded half up; multiplied by the weight of 18%.",
            },
            "sections": [section(place, letter) for place, letter in enumerate(NAMES)],
            "panel": {
                "note": "scores were given alone and agreed on 26 October 2026",
                "rows": [
                    member("Ines Kovac", "Lead", "all criteria but cost"),
                    member("Thea Lindqvist", "Evaluator", "service, transition"),
                    member("Marek Nowak", "Evaluator", "security, technology"),
                    member(
                        "Aïcha Benali",
                        "Evaluator",
                        "workforce, service",
                        "Former employee of Northmoor BPO until 2019",
                    ),
                ],
            },
        }
    )


def decision_report():
    return _whole(
        {
            **_common("Decision report", "DR-2026-014-3", "version 3"),
            "finding": "Award customer care to Castellan CX as a managed service",
            "lede": {
                "before": "Castellan CX leads four bids with 80.6 of 100 points and stays first in",
                "key": "93% of plausible weightings",
                "after": ". The award is on condition that the readiness plan is delivered before go-live.",
            },
            "facts": [
                fact("Weighted total", "80.6", "2.2 ahead of Velora Connect"),
                fact("First in", "93%", "of 20,000 weightings, each weight ±35%"),
                fact("Cost over 36 months", "€36.7M", "€7.4M below today's cost"),
                fact("Our readiness", "68", "of 100, hybrid onboarding"),
            ],
            "reasons_for": {
                "title": "Why Castellan CX",
                "entries": [
                    reason(
                        "Strongest on security",
                        "88 of 100. Notice of a breach within 8 hours and two joint drills a year.",
                    ),
                    reason(
                        "Steady price",
                        "No indexation or currency exposure; above 450,000 contacts a month each one costs €1.90.",
                    ),
                    reason(
                        "Best transition plan",
                        "Parallel run of six weeks, step back possible until week 10.",
                    ),
                ],
            },
            "reasons_against": {
                "title": "What speaks against it",
                "entries": [
                    reason(
                        "€5.1M above the lowest cost",
                        "Velora Connect is at €31.6M, of which €3.3M is risk reserve and indexation.",
                    ),
                    reason("Weakest on hiring", "72 of 100. Dutch speakers in Kraków are scarce."),
                    reason(
                        "The result turns on security",
                        "Below a weight of 18% Velora Connect leads. Agreed weight: 25%.",
                    ),
                ],
            },
            "asked": {
                "title": "Decision asked of the committee",
                "text": "Approve the award, the 36-month budget of €36,740,000 and the three readiness actions due by 29 January 2027.",
            },
            "prices": _decision_prices(),
            "readiness": _readiness(),
            "path": _path(),
            "changes": [
                change("Weight of security", "25%", "18%", "Velora Connect ranks first"),
                change("Weight of cost", "18%", "29%", "Velora Connect ranks first"),
                change(
                    "Contacts a month",
                    "410,000",
                    "338,000",
                    "Per minute becomes the cheapest model",
                ),
                change("Our readiness", "68", "49", "Recommendation changes to “fix first”"),
            ],
            "approvals": [
                {
                    "name": "Ines Kovac",
                    "role": "Procurement lead",
                    "act": "Proposed 30 October 2026, 14:04 CET",
                },
                {
                    "name": "Thea Lindqvist",
                    "role": "Chief financial officer",
                    "act": "Approved 30 October 2026, 16:20 CET",
                },
            ],
        }
    )


def _whole(payload):
    """Add what is drawn from the rest: the seal's digest and all drawings."""
    address = f"verify.halden.example/{payload['document']['reference']}"
    digest = hashes.of_bytes(pages.frozen(payload))
    return {
        **payload,
        "verify": {"address": address, "digest": digest},
        "charts": {**drawings.charts(), **drawings.seal(digest, address)},
    }


def _common(kind, reference, version):
    return {
        "language": "en-GB",
        "direction": "ltr",
        "organisation": "Halden Energy",
        "procurement": {
            "title": "Customer care outsourcing, four languages",
            "reference": "CC-2026-014",
        },
        "document": {
            "kind": kind,
            "reference": reference,
            "version": version,
            "title": f"{kind} {reference}: customer care outsourcing",
            "issued": "30 October 2026",
            "issued_at": "2026-10-30T15:30:00Z",
            "confidentiality": "Confidential",
        },
        "ranking": {
            "note": "0 to 100, agreed by four evaluators; the bar shows the 5 to 95% range",
            "tie": "",
            "rows": [rank_row(place, letter) for place, letter in enumerate(NAMES)],
        },
        "method": [
            {
                "label": "Scoring",
                "value": "Weighted sum of agreed scores, 0 to 100, rounded half up to one decimal for print",
            },
            {"label": "Price formula", "value": "Lowest over price, weight 18%"},
            {"label": "Robustness", "value": "20,000 random weightings, each weight ±35%, seed 7"},
            {"label": "Engine", "value": "1.0.0"},
        ],
        "records": [
            {
                "name": "Ranking",
                "file": "ranking.record.json",
                "digest": hashes.of_bytes(b"ranking"),
            },
            {
                "name": "Price comparison",
                "file": "prices.record.json",
                "digest": hashes.of_bytes(b"prices"),
            },
        ],
    }


def _decision_prices():
    table = {
        "B": ("€37,900,000", "€38,400,000", "€37,600,000", "€36,740,000"),
        "A": ("€31,600,000", "€32,900,000", "not offered", "€34,200,000"),
        "D": ("€35,100,000", "not offered", "€34,000,000", "€35,600,000"),
        "C": ("€34,900,000", "€33,700,000", "not offered", "not offered"),
    }
    rows = [
        {
            "vendor": vendor(letter),
            "single": "",
            "cells": [
                {"amount": amount, "chosen": letter == "B" and amount == "€36,740,000"}
                for amount in amounts
            ],
        }
        for letter, amounts in table.items()
    ]
    house = {"letter": "", "name": "In-house, as today", "glyph": ""}
    rows.append({"vendor": house, "single": "€44,120,000 at this volume", "cells": []})
    return {
        "title": "Cost over 36 months under each pricing model",
        "note": "410,000 contacts a month, EUR before tax",
        "sentence": "As a managed service Castellan CX costs €36.7M, €7.4M less than today and €5.1M more than the lowest bid.",
        "models": ["Per FTE", "Per minute", "Outcome-based", "Managed service"],
        "rows": rows,
        "parts": list(PARTS),
        "reason": "It is the cheapest of Castellan CX's four models at the forecast, and the only one whose cost does not rise up to 450,000 contacts.",
        "bridge": {
            "title": "From the monthly fee to the total",
            "rows": [
                {"label": "€965,000 a month, 36 months", "amount": "€34,740,000"},
                {"label": "Transition", "amount": "€950,000"},
                {"label": "Governance and travel", "amount": "€450,000"},
                {"label": "Exit and risk", "amount": "€600,000"},
            ],
            "total": {"label": "Castellan CX, managed service", "amount": "€36,740,000"},
        },
        "today": {
            "rows": [
                {"label": "In-house, as today", "amount": "€44,120,000"},
                {"label": "Castellan CX, managed service", "amount": "€36,740,000"},
            ],
            "total": {"label": "Saved over 36 months", "amount": "€7,380,000"},
        },
        "point": "Against Velora Connect one more point costs €2,380,000: €5,140,000 for 2.16 points.",
    }


def _readiness():
    pillars = (
        (
            "API infrastructure and technical agility",
            "21 of 25",
            "Ready",
            "Order data is read-only for partners",
        ),
        (
            "Knowledge-base completeness and structure",
            "12 of 25",
            "High risk",
            "A third of the articles have no owner",
        ),
        (
            "SLA definition and metric tracking",
            "16 of 25",
            "Hybrid",
            "First-contact resolution is not measured by language",
        ),
        (
            "Security posture and data compliance",
            "19 of 25",
            "Hybrid",
            "Access of partners is reviewed once a year",
        ),
    )
    actions = (
        (
            "Name an owner for each of the 412 articles without one",
            "Customer care",
            "18 December 2026",
        ),
        (
            "Measure first-contact resolution in all four languages",
            "Customer care",
            "15 January 2027",
        ),
        ("Review partner access each month", "IT security", "29 January 2027"),
    )
    return {
        "note": "outsourcing readiness, signed off 12 October 2026",
        "sentence": "We score 68 of 100: hybrid, consultative onboarding. Knowledge comes first.",
        "pillars": [
            dict(zip(("name", "score", "band", "gap"), row, strict=True)) for row in pillars
        ],
        "actions": [dict(zip(("action", "owner", "due"), row, strict=True)) for row in actions],
    }


def _path():
    steps = (
        (
            "Does customer experience drive measurable revenue, or only absorb cost?",
            "Recovered revenue is 11% of operating cost",
            "Absorbs cost",
            "Optimise and scale in house",
        ),
        (
            "Can we build the technology and hire day and night without draining our product?",
            "Build estimate of 18 months; two of nine vacancies filled",
            "No",
            "Invest in internal operations",
        ),
        (
            "Is the aim capability together with cost?",
            "Capability value of €2.1M a year beside €2.5M saved",
            "Yes",
            "Compare locations first",
        ),
    )
    return {
        "note": "executive tree, version 1",
        "steps": [
            dict(zip(("question", "evidence", "answer", "otherwise"), row, strict=True))
            for row in steps
        ],
        "recommendation": "Recommendation: partner with the first-ranked vendor, on condition of the readiness actions above.",
    }
