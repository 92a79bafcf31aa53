"""The score case of a framework: from plain data to the result that a record keeps."""

import pytest

from apps.engine.errors import InvalidInput
from apps.engine.readiness.case import run
from tests.engine.readiness.framing import two_pillars

ANSWERS = {"skills": 4, "cover": 3, "crm": None, "phones": 1}


def test_the_result_holds_bounds_floors_and_gaps_as_decimal_strings():
    result = run({"framework": two_pillars(), "answers": ANSWERS}).result
    assert result["total"] == {"lo": "45", "hi": "85", "of": "100"}
    assert (result["band"], result["band_lo"], result["band_hi"]) == (None, "low", "top")
    assert result["dimensions"] == [
        {"dimension": "people", "lo": "35", "hi": "35", "of": "50", "answered": 2, "questions": 2},
        {"dimension": "tools", "lo": "10", "hi": "50", "of": "50", "answered": 1, "questions": 2},
    ]
    assert result["floors"] == [
        {
            "band": "top",
            "dimension": "tools",
            "at_least": "40",
            "lo": "10",
            "hi": "50",
            "met": None,
        }
    ]
    assert result["gaps"][0] == {
        "dimension": "tools",
        "question": "crm",
        "level": None,
        "top": 5,
        "points": "40",
        "points_per_level": "8",
    }
    assert result["next_band"] == {"band": "middle", "points_missing": "5", "close": ["crm"]}


def test_a_complete_answer_in_the_top_band_has_no_warnings_and_nothing_to_close():
    best = {"skills": 5, "cover": 5, "crm": 5, "phones": 1}
    outcome = run({"framework": two_pillars(), "answers": best})
    assert (outcome.result["band"], outcome.result["next_band"]) == ("top", None)
    assert outcome.warnings == ()


def test_missing_answers_an_open_band_and_default_rules_are_told():
    outcome = run({"framework": two_pillars(origin="default"), "answers": ANSWERS})
    assert outcome.warnings == (
        {"code": "default_rules_no_benchmark", "origin": "default"},
        {"code": "answers_missing", "questions": ["crm"]},
        {"code": "band_indeterminate", "bands": ["low", "top"]},
    )


def test_the_method_names_the_framework_its_version_and_the_rounding():
    assert run({"framework": two_pillars(), "answers": {}}).method == {
        "calculator": "readiness.score",
        "version": "1",
        "framework": "small",
        "framework_version": "1",
        "decimals": 9,
        "rounding": "half-up",
        "missing_answers": "bounds",
    }


@pytest.mark.parametrize(
    ("case", "path"),
    [
        ({}, "framework"),
        ({"framework": two_pillars()}, "answers"),
        ({"framework": two_pillars(), "answers": {"skills": 9}}, "answers.skills"),
        ({"framework": two_pillars(points=90), "answers": {}}, "framework.dimensions"),
        ({"framework": two_pillars(), "answers": {}, "weights": {}}, "weights"),
    ],
)
def test_a_malformed_case_names_the_wrong_field(case, path):
    with pytest.raises(InvalidInput) as caught:
        run(case)
    assert caught.value.path == path
