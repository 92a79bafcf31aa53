"""A log that a superuser may change, and what is then asked of it, inside and outside."""

import contextlib
import io
import json
from pathlib import Path

from apps.core import soundness, tenancy
from apps.proof.verifier import cli

ENTRIES = 40
SUBMITTED = {  # every entry names this submission, so that a receipt can be over any of them
    "arrived_at": "2026-11-22T09:59:58.000+00:00",
    "manifest_digest": "0" * 64,
    "submission": "s",
}
KEPT = ("core_auditevent", "core_lognode", "core_logcheckpoint")


def faults(organisation):
    with tenancy.acting_as(scope="fsck"):
        return soundness.check(organisation).faults


def at(place):
    return f"id = (SELECT event_id FROM core_lognode WHERE level = 0 AND place = {place})"


def keep(superuser):
    """Keep the rows as they are, for `put_back`."""
    for table in KEPT:
        superuser.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")


def put_back(superuser):
    for table in reversed(KEPT):
        superuser.execute(f"DELETE FROM {table}")
    for table in KEPT:
        superuser.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")


def asked_outside(folder: Path, key, files):
    """Run `cceval-verify` over these files alone; return its status, and each answer by question."""
    place = folder / "evidence"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    for name, content in files.items():
        (place / name).write_bytes(content)
    public = folder / "key.pem"
    public.write_bytes(key.verify_key.to_pem())
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = cli.main([str(place), "--key", str(public), "--json"])
    answers = json.loads(said.getvalue())["answers"]
    return status, {one["question"]: (one["outcome"], one["sentence"]) for one in answers}
