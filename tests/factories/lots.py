"""A tender with two lots: A "Voice" and B "Chat", each with a section and a workload of its own."""

from typing import Any

from apps.rfp import selectors
from apps.rfp.models import Lot, Rfp
from apps.rfp.services import authoring
from apps.workspace.models import Procurement, User
from tests.factories.rfp import ANCHORS, make_rfp, publish, workload

# Common: section 1 (40%) and 2 (30%), prices in 3. Own: 4 of lot A (30%), 5 of lot B (30%).
OWN: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    (
        "A",
        "Telephony",
        (
            {
                "topic": "Routing", "text": "How do you route calls?", "kind": "text_long",
                "weight": "10", "mode": "manual", "rubric": ANCHORS, "domain": "technology",
            },
        ),
    ),
    (
        "B",
        "Messaging",
        (
            {
                "topic": "Chat desk", "text": "How do you staff chat?", "kind": "text_long",
                "weight": "10", "mode": "manual", "rubric": ANCHORS, "domain": "technology",
            },
            {
                "topic": "Languages", "text": "How many languages do you chat in?",
                "kind": "number", "unit": "languages", "weight": "0", "mode": "info",
                "knockout": {"op": "less_than", "value": "2", "reason": "Two languages."},
            },
        ),
    ),
)  # fmt: skip
NAMES = {"A": "Voice", "B": "Chat"}
LIMITS = {"A": {"floor": "200000", "cap": "2200000"}, "B": {"floor": "100000", "cap": "1400000"}}
CHAT = {"name": "chat-en", "channel": "chat", "aht_s": "420"}


def add_lots(rfp: Rfp, actor: User) -> dict[str, Lot]:
    """Give a small RFP its two lots, complete; call it inside `acting(actor)`."""
    lots = {
        code: authoring.add_lot(rfp=rfp, code=code, name=name, actor=actor)
        for code, name in NAMES.items()
    }
    wanted = {}
    for code, title, asked in OWN:
        section = authoring.add_section(rfp=rfp, title=title, actor=actor)
        for values in asked:
            authoring.add_question(section=section, actor=actor, **values)
        wanted[section.code] = code
    authoring.assign_sections(rfp=rfp, lots=wanted, actor=actor)
    weights = {"1": "40", "2": "30", **dict.fromkeys(wanted, "30")}
    authoring.weigh_sections(rfp=rfp, weights=weights, actor=actor)
    for code, lot in lots.items():
        lot.rfp = rfp
        authoring.edit_lot(lot=lot, name=NAMES[code], price_params=LIMITS[code], actor=actor)
        content = workload() if code == "A" else workload(**CHAT)
        authoring.set_workload(rfp=rfp, lot=lot, content=content, source=code, actor=actor)
    return lots


def make_lots_rfp(
    procurement: Procurement, actor: User, *, published: bool = False, **terms: Any
) -> Rfp:
    rfp = make_rfp(procurement, actor, **terms)
    add_lots(rfp, actor)
    return publish(rfp, actor) if published else rfp


def lot(rfp: Rfp, code: str) -> Lot:
    found = selectors.picked(selectors.lots_of(rfp), code)
    assert found is not None
    found.rfp = rfp
    return found
