"""A statement is planned once on a connection, and its plan shows each tenant its own rows alone."""

import pytest
from django.db import connection

from apps.core.models import Mail
from tests.conftest import acting_for

pytestmark = pytest.mark.django_db
PLANS = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s"


def plans_of(like):
    with connection.cursor() as cursor:
        cursor.execute(PLANS, [like])
        return cursor.fetchall()


def test_one_plan_serves_every_tenant_and_shows_none_another_s_rows(buyer, vendor_a, vendor_b):
    people = (buyer.lead, vendor_a.owner, vendor_b.owner)
    for person in people:
        with acting_for(person) as user:
            Mail.objects.create(
                organisation_id=user.memberships.get().organisation_id,
                recipient=user.email,
                event=f"tests:{user.pk}",
                subject="Own",
                text="Own.",
                html="Own.",
            )
    for _again in range(3):
        for person in people:
            with acting_for(person):
                held = Mail.objects.filter(subject="Own").order_by("pk")
                assert [one.recipient for one in held] == [person.email]
    kept = [plan for plan in plans_of("%core_mail%ORDER BY%") if sum(plan) > 1]
    assert kept
    assert all(custom == 0 for _generic, custom in kept)
