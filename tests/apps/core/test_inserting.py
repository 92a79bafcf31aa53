"""A row is inserted or stands already; what the database refuses otherwise is an error as ever."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core import tenancy
from apps.core.inserting import insert_new
from apps.core.models import Job, Mail
from tests.conftest import acting_for

pytestmark = pytest.mark.django_db


def letter(event="bids.receipt:1", **values):
    given = {"recipient": "a@people.example", "subject": "Received", "text": "Yes.", "html": "Yes."}
    return Mail(organisation_id=tenancy.require_organisation(), event=event, **{**given, **values})


def test_a_new_row_is_there_and_may_be_changed(buyer):
    with acting_for(buyer.lead):
        row = letter()
        with CaptureQueriesContext(connection) as seen:
            assert insert_new(row)
        assert len(seen) == 1
        row.subject = "Changed"
        row.save()
        assert Mail.objects.get(pk=row.pk).subject == "Changed"


def test_the_same_again_is_told_apart_and_breaks_no_transaction(buyer):
    with acting_for(buyer.lead):
        assert insert_new(letter())
        assert not insert_new(letter(subject="Twice"))
        assert Mail.objects.get(event="bids.receipt:1").subject == "Received"
        assert insert_new(letter("bids.receipt:2"))


def test_another_tenant_s_row_is_refused_by_the_database(buyer, vendor_a):
    with acting_for(buyer.lead):
        stranger = letter()
        stranger.organisation_id = vendor_a.organisation.pk
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            insert_new(stranger)
        assert not Mail.objects.exists()


def test_what_no_unique_constraint_refuses_is_an_error(buyer):
    with acting_for(buyer.lead):
        wrong = Job(
            organisation_id=tenancy.require_organisation(),
            kind="tests.work",
            subject_id=uuid.uuid4(),
            actor_id=uuid.uuid4(),
            run_after=None,
        )
        with pytest.raises(DatabaseError, match="run_after"), transaction.atomic():
            insert_new(wrong)
