"""A small RFP, made through the services: two sections, five scored or gated questions, a price."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from apps.core import clock, seeds, tenancy
from apps.core.access import authorise
from apps.rfp import selectors
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors.reading import QUESTIONNAIRES
from apps.rfp.services import authoring, publishing, reviewing
from apps.rfp.types import Finding
from apps.workspace.models import PanelMember, Procurement, User
from apps.workspace.states import Role
from tests.factories.sealing import prove_all

QUESTIONNAIRE = "bpo_voice_support"
# What make_rfp asks, by code. Sections: 1 "Service and people" 60%, 2 "Security" 40%, 3 prices.
CODES = ("1.01", "1.02", "1.03", "2.01", "2.02", "3.01")
ANCHORS = {
    "0": "Nothing is described.",
    "1": "A wish, without a plan.",
    "2": "A plan without dates.",
    "3": "A plan with dates and owners.",
    "4": "A plan that was carried out once.",
    "5": "A plan that was carried out for two clients like us.",
}
PRICE_OF_RECORD = {
    "model": "as_bid",
    "scenario": {"name": "base", "change": "0"},
    "adders": ["one_offs", "training", "exit", "governance", "double_running"],
    "discount": {"rate": "0.05", "basis": "nominal"},
}
SMALL: tuple[dict[str, Any], ...] = (
    {  # 1.01: by hand
        "topic": "Ramp-up", "text": "Describe how you would staff the first ninety days.",
        "kind": "text_long", "weight": "6", "mode": "manual", "rubric": ANCHORS,
        "word_limit": 300, "domain": "scalability",
    },
    {  # 1.02: by rule; between two anchors the lower level
        "topic": "Attrition", "text": "What share of agents left within 90 days last year?",
        "kind": "percent", "unit": "%", "weight": "4", "mode": "auto", "domain": "culture",
        "auto": [
            {"level": 5, "op": "less_than", "value": "10"},
            {"level": 3, "op": "less_than", "value": "25"},
            {"level": 0, "op": "otherwise"},
        ],
    },
    {  # 1.03: a table, asked only where voice is in scope; information
        "topic": "Sites", "text": "List the sites that would serve us.", "kind": "table",
        "options": [{"name": "Site", "kind": "text_short"}, {"name": "Seats", "kind": "number"}],
        "weight": "0", "mode": "info", "domain": "scalability",
        "condition": {"fact": "regulated", "op": "equals", "value": False},
    },
    {  # 2.01: a knock-out
        "topic": "Breach notice", "kind": "number", "unit": "hours", "weight": "5",
        "text": "Within how many hours of a suspected breach would you tell us?",
        "mode": "auto", "domain": "security",
        "auto": [
            {"level": 5, "op": "at_most", "value": "24"},
            {"level": 2, "op": "at_most", "value": "72"},
            {"level": 0, "op": "otherwise"},
        ],
        "knockout": {"op": "greater_than", "value": "72", "reason": "Within 72 hours."},
    },
    {  # 2.02: a file
        "topic": "Continuity plan", "text": "Attach your continuity plan.", "kind": "file",
        "options": ["pdf", "docx"], "weight": "5", "mode": "manual", "rubric": ANCHORS,
        "evidence": "Continuity plan", "evidence_required": True, "domain": "security",
    },
    {  # 3.01: commercial
        "topic": "Payment terms", "text": "Which payment terms do you accept?", "kind": "number",
        "unit": "days", "weight": "0", "mode": "price", "domain": "commercial", "required": False,
    },
)  # fmt: skip
SECTIONS = (
    ("Service and people", "60", "technical", SMALL[:3]),
    ("Security", "40", "technical", SMALL[3:5]),
    ("Commercial", "0", "commercial", SMALL[5:]),
)


def workload(**changes: Any) -> dict[str, Any]:
    """A week of office hours, 12 contacts each half-hour from 9:00 to 17:00, as the engine reads it."""
    weekday = ["0"] * 18 + ["12"] * 16 + ["0"] * 14
    queue = {
        "name": "voice-en",
        "channel": "voice",
        "language": "en",
        "week": [weekday] * 5 + [["0"] * 48] * 2,
        "aht_s": "300",
        "service_level": {"share": "0.80", "seconds": 30, "definition": "offered"},
        "max_occupancy": "0.85",
        "minimum_seats": 1,
    }
    return {"interval_minutes": 30, "queues": [{**queue, **changes}], "growth_per_year": "0"}


def blank_rfp(procurement: Procurement, actor: User) -> Rfp:
    """An RFP without any section, as after starting from the shipped file and removing all of it.

    The row is written directly: copying 186 questions to throw them away takes half a second.
    """
    authorise(actor, "rfp.author", procurement)
    rfp = Rfp.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        questionnaire=QUESTIONNAIRE,
        facts={
            key: fact["default"]
            for key, fact in seeds.load(QUESTIONNAIRES, QUESTIONNAIRE)["facts"].items()
        },
    )
    rfp.refresh_from_db()
    return rfp


def make_rfp(
    procurement: Procurement,
    actor: User,
    *,
    published: bool = False,
    questions: Mapping[str, Mapping[str, Any]] | None = None,
    closes_in: dt.timedelta = dt.timedelta(days=14),
    preset: str = "assured",
    **terms: Any,
) -> Rfp:
    """A complete RFP, ready to publish or published.

    `questions` changes fields of a question by its code: {"2.01": {"weight": "8"}}. `terms` go to
    `set_terms`: envelope_order, quality_weight … Call it inside `acting(actor)`.
    """
    rfp = blank_rfp(procurement, actor)
    for title, weight, envelope, asked in SECTIONS:
        section = authoring.add_section(rfp=rfp, title=title, envelope=envelope, actor=actor)
        authoring.edit_section(rfp=rfp, section=section, title=title, weight=weight, actor=actor)
        for at, values in enumerate(asked, start=1):
            changes = (questions or {}).get(f"{section.code}.{at:02}", {})
            authoring.add_question(section=section, actor=actor, **{**values, **changes})
    authoring.set_terms(
        rfp=rfp,
        actor=actor,
        **{
            "introduction": "Bids for the out-of-hours line.",
            "price_formula": "absolute-linear",
            "price_params": {"floor": "800000", "cap": "2200000"},
            "pricing_models": ["per_fte", "per_minute", "managed_service", "outcome_based"],
            "price_of_record": PRICE_OF_RECORD,
            "term_months": 36,
            **terms,
        },
    )
    if preset != rfp.preset:
        authoring.set_preset(rfp=rfp, preset=preset, actor=actor)
    authoring.set_workload(rfp=rfp, content=workload(), actor=actor)
    authoring.set_deadline(
        rfp=rfp, closes_at=clock.database_now() + closes_in, zone="Europe/London", actor=actor
    )
    return publish(rfp, actor) if published else rfp


def accept_all(rfp: Rfp, actor: User) -> None:
    """Accept every warning of the linter, as a lead who knows why would."""
    for finding in open_findings(rfp):
        publishing.accept_finding(
            rfp=rfp, code=finding.code, reason="Known and wanted here.", actor=actor
        )


def open_findings(rfp: Rfp) -> list[Finding]:
    return [one for one in selectors.findings(rfp, selectors.questionnaire(rfp)) if one.open]


def approve(rfp: Rfp, actor: User) -> None:
    """Send the draft for review; the approver of the panel approves it."""
    review = reviewing.ask(rfp=rfp, actor=actor)
    members = PanelMember.objects.filter(procurement=rfp.procurement_id, role=Role.APPROVER)
    approver = members.exclude(user=actor).select_related("user")[0].user
    with tenancy.acting_as(person=approver.pk, organisation=rfp.organisation_id):
        reviewing.approve(review=review, actor=approver)


def publish(rfp: Rfp, actor: User) -> Rfp:
    accept_all(rfp, actor)
    approve(rfp, actor)
    prove_all(rfp)
    return publishing.publish(rfp=rfp, actor=actor)


def question(rfp: Rfp, code: str) -> Question:
    found = Question.objects.select_related("section", "rfp__procurement").get(rfp=rfp, code=code)
    found.rfp = rfp
    return found
