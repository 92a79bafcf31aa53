"""The second wall: which tables are guarded, and that the guards hold for the application login."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from apps.core import audit, tenancy
from apps.core.models import AuditEvent
from apps.workspace.models import Membership, Organisation, Procurement
from apps.workspace.states import Side
from tests.conftest import acting_for

# Tables read before a tenant is known, or that belong to no organisation; each with its reason.
OUTSIDE_TENANTS = {
    "account_emailaddress": "sign-in finds people by address",
    "account_emailconfirmation": "sign-in",
    "auth_group": "unused by cceval, part of Django's user",
    "auth_group_permissions": "the same",
    "auth_permission": "the same",
    "django_content_type": "Django's own register of models",
    "django_migrations": "written by the owner alone",
    "django_session": "sign-in",
    "mfa_authenticator": "sign-in",
    "reports_signingcertificate": "public: fingerprints a stranger verifies with",
    "workspace_user": "a person belongs to several organisations; found by address at sign-in",
    "workspace_user_groups": "unused",
    "workspace_user_user_permissions": "unused",
    "cceval_test_clock": "the movable clock of the tests",
}


def _rows(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def test_every_other_table_is_under_forced_row_level_security(db):
    unguarded = _rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace"
        " AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    assert unguarded == set(OUTSIDE_TENANTS)


def test_the_application_login_is_bound_by_row_level_security(db):
    bound = _rows(
        "SELECT rolname FROM pg_roles WHERE rolname = current_user"
        " AND NOT (rolsuper OR rolbypassrls OR rolcreaterole)"
    )
    assert bound == {"cceval_app"}
    owners = _rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert "cceval_app" not in owners


def test_system_checks_pass_for_the_application_login(db):
    assert run_checks(databases=["default"]) == []


@pytest.mark.parametrize(
    "table",
    [
        *("core_auditevent", "bids_answerversion", "bids_submission", "matrix_score"),
        *("rfp_version", "rfp_packversion", "rfp_reviewcomment", "bids_vendorquestion"),
        *("core_lognode", "core_logcheckpoint"),
        *("bids_publishedanswer", "bids_acknowledgement", "bids_confirmation", "bids_stagescore"),
        *("bids_stageagreement", "bids_withdrawnoffer"),
        *("rfp_decidedlot", "workspace_declaration"),
        *("workspace_namedconflict", "workspace_recusal", "matrix_substitution"),
    ],
)
def test_append_only_tables_refuse_change(db, table):
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_even_the_owner_cannot_change_the_record(committed):
    organisation = Organisation(name="Weir Valley Homes", side=Side.BUYER)
    with tenancy.acting_as(organisation=organisation.pk):
        organisation.save(force_insert=True)
        audit.record(action="test", actor=None, subject=organisation)
    from tests.plugin import cluster  # noqa: PLC0415 -- needs the run's cluster

    with pytest.raises(Exception, match="append-only"):
        cluster().sql("UPDATE core_auditevent SET action = 'forged'", database=committed)
    with pytest.raises(Exception, match="append-only"):
        cluster().sql(
            "BEGIN; SET LOCAL session_replication_role = replica;"
            " DELETE FROM core_auditevent; COMMIT",
            database=committed,
        )


def test_another_tenant_sees_nothing_without_any_filter(buyer, other_buyer):
    with acting_for(other_buyer.lead):
        assert set(Procurement.objects.values_list("pk", flat=True)) == {other_buyer.procurement.pk}
        assert not Membership.objects.filter(organisation=buyer.organisation).exists()
    with acting_for(buyer.lead):
        assert set(Procurement.objects.values_list("pk", flat=True)) == {buyer.procurement.pk}


def test_outside_a_tenant_there_are_no_rows(buyer):
    assert not Procurement.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_row_cannot_be_written_into_another_tenant(buyer, other_buyer):
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting_for(other_buyer.lead),
        transaction.atomic(),
    ):
        Procurement.objects.create(
            organisation=buyer.organisation,
            reference="planted",
            title="Planted",
            currency="GBP",
            owner=other_buyer.lead,
        )


def test_the_tenant_ends_with_its_transaction(buyer):
    with acting_for(buyer.lead):
        assert tenancy.acting_organisation() == buyer.organisation.pk
        with tenancy.acting_as(scope="jobs"):
            assert tenancy.acting_organisation() is None
        assert tenancy.acting_organisation() == buyer.organisation.pk
    assert tenancy.acting_organisation() is None


def test_models_have_a_str_and_no_ordering():
    for model in apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        assert "__str__" in model.__dict__, model
        assert not model._meta.ordering, model
