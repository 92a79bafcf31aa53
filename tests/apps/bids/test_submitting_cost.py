"""What one submission costs: everybody comes in the last minutes before a deadline."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import make_vendor
from tests.factories import bids as make

pytestmark = pytest.mark.django_db

# The session, its person and the membership; the locks, the draft and what it is subject to; the
# submission with its envelopes, the vendor's key, the state, the event, the mail and four jobs. The
# rest opens, names and closes transactions.
STATEMENTS = 45


def test_a_submission_costs_the_same_statements_whatever_was_submitted_before(
    tender, buyer, client_for
):
    costs = []
    for number in range(3):
        vendor = make_vendor(f"Vendor {number}", buyer.organisation)
        bid = make.bid_in(tender.rfp, vendor)
        make.fill(bid, tender, vendor)
        client = client_for(vendor.owner)
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(
                f"/api/v1/bids/{bid.pk}/submit/", "{}", content_type="application/json"
            )
        assert answer.status_code == 201, answer.content
        costs.append(len(seen))
    assert costs == [STATEMENTS] * 3
