"""What an upload has to be: a kind that is taken, and what its name says, by its first bytes."""

import pytest

from apps.core import files

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.mpp", OLE2 + b"the plan"),
        ("PLAN.MPP", OLE2),
        ("plan.pdf", b"%PDF-1.7"),
        ("plan.xlsx", b"PK\x03\x04"),
        ("plan.csv", b"week,owner"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(name, content):
    assert files.refusal(name, content) is None


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"%PDF-1.7", OLE2[:7], b"MZ" + OLE2])
def test_a_project_plan_that_is_something_else_is_refused(content):
    expected = "The file is not what its name says. Save it again as mpp."
    assert files.refusal("plan.mpp", content) == expected


def test_other_compound_files_are_refused_by_their_name():
    """Old .doc and .xls are OLE2 too; only plans are asked for by the shipped questionnaire."""
    for name in ("old.doc", "old.xls", "setup.msi"):
        assert files.refusal(name, OLE2).startswith("Files of this kind are not taken.")
