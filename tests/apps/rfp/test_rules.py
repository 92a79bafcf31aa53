"""Who may do what with an RFP."""

import pytest

from apps.core.access import can
from tests.conftest import acting_for

EVERYBODY = {
    *("lead", "evaluator", "evaluator2", "moderator", "opener"),
    *("approver", "executive", "auditor"),
}


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("rfp.view", EVERYBODY),
        ("rfp.author", {"lead"}),
        ("rfp.publish", {"lead"}),
        ("rfp.close", {"lead", "opener"}),
    ],
)
def test_each_act_belongs_to_its_roles(buyer, procurement, permission, allowed):
    found = set()
    for role in EVERYBODY:
        with acting_for(getattr(buyer, role)) as user:
            if can(user, permission, procurement):
                found.add(role)
    assert found == allowed


def test_outsiders_may_nothing(procurement, other_buyer, vendor_a):
    for outsider in (other_buyer.lead, vendor_a.owner):
        with acting_for(outsider) as user:
            for permission in ("rfp.view", "rfp.author", "rfp.publish", "rfp.close"):
                assert not can(user, permission, procurement)
