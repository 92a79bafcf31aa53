"""Evidence as it is read from a case."""

from decimal import Decimal

import pytest

from apps.engine.decision.evidence import read_evidence
from apps.engine.decision.facts import FACTS, Kind
from apps.engine.errors import InvalidInput
from apps.engine.reading import Reader

DIGEST = "0123456789abcdef" * 4


def read(**facts):
    raw = {name.replace("__", "."): entry for name, entry in facts.items()}
    return read_evidence(Reader({"evidence": raw}).key("evidence"))


def refused(**facts):
    with pytest.raises(InvalidInput) as caught:
        read(**facts)
    return caught.value


def test_each_kind_of_fact_keeps_its_own_type():
    evidence = read(
        build__able={"value": False, "source": "M. Solberg, COO"},
        readiness__score={"value": "68.5", "source": "Assessment of 14 August", "digest": DIGEST},
        readiness__band={"value": "hybrid", "source": "Assessment of 14 August"},
        ranking__leader={"value": "Castellan CX", "source": "Ranking"},
        bids__admitted={"value": 4, "source": "Ranking"},
    )
    assert {slug: shown.value for slug, shown in evidence.items()} == {
        "build.able": False,
        "readiness.score": Decimal("68.5"),
        "readiness.band": "hybrid",
        "ranking.leader": "Castellan CX",
        "bids.admitted": Decimal(4),
    }
    assert evidence["readiness.score"].digest == DIGEST
    assert evidence["build.able"].source == "M. Solberg, COO"


def test_a_null_value_is_a_fact_that_is_not_shown():
    assert read(build__able={"value": None, "source": "nobody"}) == {}
    assert read(build__able={}) == {}


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"mood": {"value": True, "source": "x"}}, "evidence.mood"),
        ({"build__able": {"value": "yes", "source": "x"}}, "evidence.build.able.value"),
        ({"build__able": {"value": True}}, "evidence.build.able.source"),
        ({"build__able": {"value": True, "source": "x", "by": "y"}}, "evidence.build.able.by"),
        ({"readiness__score": {"value": "101", "source": "x"}}, "evidence.readiness.score.value"),
        ({"bids__admitted": {"value": "1.5", "source": "x"}}, "evidence.bids.admitted.value"),
        ({"readiness__band": {"value": "fine", "source": "x"}}, "evidence.readiness.band.value"),
        (
            {"readiness__score": {"value": "1", "source": "x", "digest": "ABC"}},
            "evidence.readiness.score.digest",
        ),
    ],
)
def test_a_fault_is_named_with_the_path_of_its_field(facts, path):
    assert refused(**facts).path == path


def test_a_percentage_given_as_45_where_a_share_is_meant_is_refused():
    error = refused(ranking__first_share={"value": "45", "source": "x"})
    assert error.sentence == "Give 1 or less; this is 45."


def test_every_fact_says_what_it_is():
    for fact in FACTS.values():
        assert fact.help.endswith(".")
        assert (fact.unit is not None) == (fact.kind is Kind.NUMBER)
        assert bool(fact.options) == (fact.kind is Kind.CHOICE)
