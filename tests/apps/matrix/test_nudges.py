"""Reasons that compare bids are nudged; those that cite the rubric are not."""

import pytest

from apps.matrix.selectors.nudges import comparison_in


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Roles are named. Weaker than bid A on timing.", "Weaker than bid A"),
        ("This is better than the others.", "better than the others"),
        ("More detailed than bid B, with dates.", "More detailed than bid B"),
        ("The strongest of all bids.", "strongest of all"),
        ("Unlike bid D, no runbook.", "Unlike bid D"),
        ("Compared with bid A it lacks dates.", "Compared with bid A"),
        ("Bid A has a plan.", "Bid A"),
        ("Clearer than the other vendors.", "Clearer than the other"),
    ],
)
def test_a_comparison_is_found_with_its_words(reason, words):
    assert comparison_in(reason, "C") == words


@pytest.mark.parametrize(
    "reason",
    [
        "Meets anchor 3: notice within 72 hours.",
        "More than 72 hours, so anchor 2 is not met.",
        "Bid C names a runbook.",
        "Fewer than two drills a year.",
        "The better part of the plan has no date.",
        "",
    ],
)
def test_a_reason_about_the_rubric_is_left_alone(reason):
    assert comparison_in(reason, "C") == ""
