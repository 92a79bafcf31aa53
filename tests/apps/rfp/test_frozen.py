"""The database keeps what was published, whoever asks: direct SQL as the application login."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.rfp.models import Question, Rfp, Section, Workload
from apps.rfp.services import authoring
from apps.workspace.services.procurements import open_case
from tests.factories.rfp import make_rfp, publish


def refused(statement: str, *values: object) -> str:
    """Run a statement that has to fail; return its SQLSTATE."""
    with (
        pytest.raises(DatabaseError) as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
    return error.value.__cause__.sqlstate


def run(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def test_the_tests_run_as_the_application_login(lead):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("cceval_app",)


CHANGES = (
    "UPDATE rfp_section SET weight = 1 WHERE rfp_id = %s",
    "UPDATE rfp_question SET weight = 1 WHERE rfp_id = %s",
    "UPDATE rfp_question SET text = 'Another question' WHERE rfp_id = %s",
    "UPDATE rfp_workload SET content = '{}' WHERE rfp_id = %s",
    "DELETE FROM rfp_question WHERE rfp_id = %s",
    "DELETE FROM rfp_workload WHERE rfp_id = %s",
    "UPDATE rfp_rfp SET quality_weight = 90 WHERE id = %s",
    "UPDATE rfp_rfp SET price_formula = 'min-max' WHERE id = %s",
    "UPDATE rfp_rfp SET frozen = '', digest = 'f' WHERE id = %s",
    "UPDATE rfp_rfp SET state = 'draft' WHERE id = %s",
    "UPDATE rfp_rfp SET state = 'closed', quality_weight = 90 WHERE id = %s",
)


def test_published_content_refuses_every_change(published):
    for statement in CHANGES:
        assert (statement, refused(statement, published.pk)) == (statement, "CC409")


def test_the_in_house_cost_is_frozen_with_the_published_rfp(draft, lead):
    own = {
        "model": "per_fte",
        "rates": {"unit": "hour", "billable_hour": "paid", "rate": "17.4321"},
        "shrinkage": {"base": "additive", "parts": []},
    }
    content = draft.workload.content
    authoring.set_workload(rfp=draft, actor=lead, content=content, in_house=own)
    publish(draft, lead)
    for statement in (
        "UPDATE rfp_owncost SET quote = '{}' WHERE rfp_id = %s",
        "DELETE FROM rfp_owncost WHERE rfp_id = %s",
    ):
        assert (statement, refused(statement, draft.pk)) == (statement, "CC409")


def test_a_published_rfp_takes_no_further_section(published):
    row = Section.objects.get(rfp=published, code="1")
    row.pk, row.code = None, "9"
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        row.save(force_insert=True)
    assert error.value.__cause__.sqlstate == "CC409"


@pytest.fixture
def other_draft(lead, procurement):
    """A draft with sections and questions of another procurement of the same buyer."""
    other = open_case(
        organisation=procurement.organisation,
        reference="CC-other",
        title="Another",
        currency="GBP",
        actor=lead,
    )
    return make_rfp(other, lead)


def test_a_published_question_is_not_carried_off_to_a_draft(published, other_draft):
    one = Question.objects.filter(rfp=published).first()
    change = "UPDATE rfp_question SET rfp_id = %s, code = '9.9' WHERE id = %s"
    assert refused(change, other_draft.pk, one.pk) == "CC409"


def test_one_statement_that_touches_a_draft_as_well_changes_neither(published, lead, other_draft):
    both = [published.pk, other_draft.pk]
    for table in ("rfp_section", "rfp_question"):
        assert refused(f"UPDATE {table} SET weight = 7 WHERE rfp_id = ANY(%s)", both) == "CC409"
    assert not Question.objects.filter(rfp_id__in=both, weight=7).exists()


def test_a_published_question_keeps_its_key(published):
    change = "UPDATE rfp_question SET id = gen_random_uuid() WHERE rfp_id = %s"
    assert refused(change, published.pk) == "CC409"


def test_the_deadline_of_a_published_rfp_has_no_update(published):
    assert refused("UPDATE rfp_round SET closes_at = now() WHERE rfp_id = %s", published.pk) == (
        "42501"
    )


def test_the_state_of_a_published_rfp_moves_on_alone(published):
    assert run("UPDATE rfp_rfp SET state = 'closed' WHERE id = %s", published.pk) == 1


def test_a_draft_changes_freely(draft):
    assert run("UPDATE rfp_section SET weight = 50 WHERE rfp_id = %s", draft.pk) == 3
    assert run("UPDATE rfp_rfp SET quality_weight = 50 WHERE id = %s", draft.pk) == 1
    assert run("DELETE FROM rfp_question WHERE rfp_id = %s", draft.pk) == 6


def test_another_buyer_sees_nothing_of_it(published, other_buyer, acting):
    with acting(other_buyer.lead):
        assert not Rfp.objects.exists()
        assert not Question.objects.exists()
        assert not Workload.objects.exists()
        assert run("UPDATE rfp_question SET weight = 1 WHERE rfp_id = %s", published.pk) == 0
