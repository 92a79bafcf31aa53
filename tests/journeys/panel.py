"""A tender whose bids are open, with 30 questions for people, five bids, and a panel of five.

It is made by the services, on the running product's own database; what is judged then goes
through pages alone.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.workspace.models import User
from tests.conftest import People, make_buyer, make_vendor
from tests.factories import matrix as make
from tests.factories.rfp import ANCHORS
from tests.journeys.browser import Windows
from tests.journeys.crowd import caller_of
from tests.journeys.product import Product

QUESTIONS, BIDS = 30, 5
VENDORS = ("Aldgate Voice", "Birch Contact", "Corvid CX", "Dunmore Desk", "Elmfield Care")
MORE = ("Maya Oduya", "Piet Janssen")  # beside the two evaluators that every buyer has
# Codes that the small RFP has already, by section; what is added follows them.
FIRST_FREE, LAST = {"1": 4, "2": 3}, {"1": 17, "2": 16}


@dataclass(frozen=True)
class Panel:
    """The tender as its people meet it. `vendors` are the names by letter."""

    buyer: People
    evaluators: tuple[User, ...]
    pk: str
    codes: tuple[str, ...]
    vendors: Mapping[str, str]

    @property
    def path(self) -> str:
        return f"/p/{self.pk}"


def _asked(code: str) -> dict[str, Any]:
    return {
        "topic": f"Practice {code}",
        "text": f"How do you work, in the matter of {code}?",
        "kind": "text_long",
        "weight": "2",
        "mode": "manual",
        "rubric": ANCHORS,
        "domain": "scalability",
    }


def seat(product: Product, windows: Windows) -> Panel:
    """Make the tender, let its deadline pass for every program, open its bids, sign people in."""
    buyer = make_buyer("Fairhaven Housing")
    more = tuple(make.appoint(buyer, name) for name in MORE)
    added = [
        f"{section}.{number:02}"
        for section, first in FIRST_FREE.items()
        for number in range(first, LAST[section] + 1)
    ]
    stage = make.opened(
        buyer,
        [make_vendor(name, buyer.organisation) for name in VENDORS],
        lambda moment: product.set_clock(moment - dt.datetime.now(dt.UTC)),
        answers={
            place: {code: f"Practice of bid number {place} in {code}." for code in added}
            for place in range(BIDS)
        },
        extra=[(code[0], _asked(code)) for code in added],
        closes_in=dt.timedelta(hours=2),
    )
    people = (buyer.lead, buyer.moderator, buyer.evaluator, buyer.evaluator2, *more)
    for person in people:
        windows.sessions[person.email] = caller_of(product, person).cookies
    letters = product.sql(
        "SELECT b.letter || '=' || o.name FROM bids_bid b JOIN workspace_organisation o"
        f" ON o.id = b.vendor_id JOIN rfp_round r ON r.id = b.round_id"
        f" WHERE r.rfp_id = '{stage.rfp.pk}' ORDER BY b.letter"
    )
    return Panel(
        buyer,
        (buyer.evaluator, buyer.evaluator2, *more),
        str(stage.procurement.pk),
        tuple(sorted(["1.01", "2.02", *added])),
        dict(line.split("=", 1) for line in letters.splitlines()),
    )
