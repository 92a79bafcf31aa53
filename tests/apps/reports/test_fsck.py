"""The invariants of a whole decided case: all hold, and each breakage is told by its own."""

from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cceval import fsck
from tests.plugin import cluster

TABLES = (
    *("core_auditevent", "core_job", "bids_submission", "bids_envelope", "bids_answerversion"),
    *("matrix_ranking", "pricing_comparison", "rfp_rfp", "rfp_round", "rfp_version"),
    *("reports_report", "bids_shortlist", "bids_offerround", "rfp_envelopekey"),
)
BREAKAGES = [
    ("I9", "UPDATE rfp_envelopekey SET public = sha256(public)", "not the key that was published"),
    ("I1", "UPDATE core_auditevent SET action = 'x' WHERE action = 'bid.submit'", "0 entries"),
    ("I2", "UPDATE bids_submission SET arrived_at = arrived_at + interval '9 years'", "arrived"),
    ("I5", 'UPDATE bids_envelope SET context = context || \'{"vendor": "other"}\'', "another"),
    (
        "I6",
        (
            "UPDATE bids_envelope SET opened_at = opened_at - interval '1 year'"
            " WHERE kind = 'technical'"
        ),
        "before its round",
    ),
    (
        "I7",
        "UPDATE core_auditevent SET refused = true WHERE action = 'rfp.publish'",
        "was changed while it waits",
    ),
    ("I8", "UPDATE matrix_ranking SET record = record || ' '", "not the record of its digest"),
    ("I9", "UPDATE rfp_rfp SET frozen = replace(frozen, '60', '61')", "other content"),
    ("I10", "UPDATE reports_report SET signed_sha256 = repeat('0', 64)", "no entry of the log"),
    ("I11", "UPDATE bids_answerversion SET version = version + 7", "of 8"),
    (
        "I13",
        (
            "UPDATE core_job SET state = 'queued', run_after = now() - interval '1 hour'"
            " WHERE id = (SELECT id FROM core_job WHERE state = 'done' LIMIT 1)"
        ),
        "is due since",
    ),
    (
        "I14",
        (
            "UPDATE bids_envelope SET opened_at = opened_at - interval '2 years'"
            " WHERE kind = 'commercial'"
        ),
        "before the scores were locked",
    ),
    (
        "I2",
        (
            "INSERT INTO bids_offerround (id, created_at, organisation_id, rfp_id, state, closes_at,"
            " reason, requested_by_id, decided_by_id, decided_at)"
            " SELECT gen_random_uuid(), now(), r.organisation_id, r.id, 'running', now(), '',"
            " (SELECT id FROM workspace_user ORDER BY id LIMIT 1),"
            " (SELECT id FROM workspace_user ORDER BY id OFFSET 1 LIMIT 1), now()"
            " FROM rfp_rfp r LIMIT 1"
        ),
        "which nobody confirmed",
    ),
    (
        "I15",
        (
            "INSERT INTO bids_shortlist (id, created_at, organisation_id, rfp_id, state, record,"
            " digest, reason, requested_by_id, decided_by_id, decided_at)"
            " SELECT gen_random_uuid(), now(), r.organisation_id, r.id, 'confirmed', '{}',"
            " repeat('0', 64), '', (SELECT id FROM workspace_user ORDER BY id LIMIT 1),"
            " (SELECT id FROM workspace_user ORDER BY id OFFSET 1 LIMIT 1), now()"
            " FROM rfp_rfp r LIMIT 1"
        ),
        "is not the list that was confirmed",
    ),
]


def test_every_invariant_holds_for_a_decided_case(case):
    out = StringIO()
    found = [one for one in fsck.broken() if one.invariant != "I13"]
    assert found == []
    if not fsck.broken():
        call_command("cceval_fsck", stdout=out)
        assert "I16 hold." in out.getvalue()


@pytest.fixture
def superuser(committed_case):
    name = connection.settings_dict["NAME"]
    folder = str(cluster().folder)
    with psycopg.connect(host=folder, user="postgres", dbname=name, autocommit=True) as open_:
        for table in TABLES:
            open_.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        open_.execute("DROP INDEX one_queued_job_per_subject")
        yield open_


def test_each_breakage_is_told_by_its_invariant(superuser):
    told = set(fsck.broken())
    for invariant, breakage, part in BREAKAGES:
        superuser.execute(breakage)
        new = set(fsck.broken()) - told
        assert any(one.invariant == invariant and part in one.sentence for one in new), invariant
        told |= new
    out = StringIO()
    with pytest.raises(CommandError, match="rows contradict an invariant"):
        call_command("cceval_fsck", stdout=out)
    assert "I5: Envelope" in out.getvalue()
