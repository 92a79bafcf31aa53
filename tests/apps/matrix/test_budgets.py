"""Queries of the matrix do not grow: with vendors, with criteria, with evaluators."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.matrix.services import ranking as freezing
from apps.matrix.services import scoring
from tests.conftest import acting_for, make_buyer, make_vendor, sign_in
from tests.factories import matrix as make
from tests.factories.rfp import ANCHORS

MORE = {
    "text": "How do you work?", "kind": "text_long", "weight": "1", "mode": "manual",
    "rubric": ANCHORS, "domain": "scalability", "required": False,
}  # fmt: skip


def frozen(set_clock, *, vendors=3, criteria=0, evaluators=2):
    """A tender with a ranking frozen with prices, everything scored and agreed."""
    buyer = make_buyer()
    bidding = [make_vendor(f"Vendor {n}", buyer.organisation) for n in range(vendors)]
    extra = [("2", {**MORE, "topic": f"Practice {n}"}) for n in range(criteria)]
    stage = make.opened(buyer, bidding, set_clock, extra=extra)
    people = [buyer.evaluator, buyer.evaluator2]
    people += [make.appoint(buyer, f"Evaluator {n}") for n in range(evaluators - len(people))]
    make.begun(stage, *people)
    for person in people:
        judge(stage, person)
    make.priced(make.locked(make.agreed(make.in_consensus(stage))))
    with acting_for(buyer.lead) as lead:
        freezing.freeze(scoring_round=stage.round_for(lead), actor=lead)
    return stage


def judge(stage, person):
    with acting_for(person):
        held, every = make.cells(stage, person)
        for bid, question in every:
            scoring.save(
                scoring_round=held,
                bid=bid,
                question=question,
                value=Decimal(make.value_of(stage, bid, question, None)),
                reason="Meets its anchor.",
                actor=person,
            )


def counted(stage) -> dict[str, int]:
    """Return the queries of each look at the matrix, by what is looked at."""
    client = sign_in(stage.buyer.lead)
    ranking = reverse("matrix:ranking", args=[stage.procurement.pk])
    weights = {"w-1": "20", "w-2": "20", "w-price": "60"}
    looks = {
        "matrix": lambda: client.get(ranking),
        "weights tried": lambda: client.get(ranking, weights),
        "a weight moved": lambda: client.get(ranking, weights, headers={"HX-Request": "true"}),
        "criteria": lambda: client.get(reverse("matrix:criteria", args=[stage.procurement.pk])),
        "consensus": lambda: client.get(reverse("matrix:consensus", args=[stage.procurement.pk])),
    }
    found = {}
    for name, look in looks.items():
        assert look().status_code == 200
        with CaptureQueriesContext(connection) as captured:
            look()
        found[name] = len(captured)
    return found


def test_queries_stay_as_vendors_criteria_and_evaluators_grow(db, set_clock):
    least = counted(frozen(set_clock))
    assert counted(frozen(set_clock, vendors=5)) == least
    assert counted(frozen(set_clock, criteria=6)) == least
    assert counted(frozen(set_clock, evaluators=4)) == least
    assert least == {
        "matrix": 22,
        "weights tried": 22,
        "a weight moved": 16,
        "criteria": 16,
        "consensus": 28,
    }
