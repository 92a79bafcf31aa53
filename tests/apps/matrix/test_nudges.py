"""Reasons that compare bids are nudged; those that cite the rubric are not."""

import pytest

from apps.matrix.selectors.nudges import comparison_in, member_in


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


PANEL = ("Aisha Rahman", "Jonas Berg", "Tove Lindqvist")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Ms Rahman reached the client by telephone.", "Rahman"),
        ("Aisha Rahman read the plan.", "Aisha Rahman"),
        ("As Berg's note says, no date.", "Berg"),
        ("The former client took our call.", ""),
        ("A site near Bergen, with dates.", ""),
        ("", ""),
    ],
)
def test_a_member_of_the_panel_is_found_by_name(reason, words):
    assert member_in(reason, PANEL) == words
