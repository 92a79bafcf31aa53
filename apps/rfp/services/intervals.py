"""A workload from recorded intervals: a file is read once, shown, and taken as it was shown.

Nothing of the file is kept. What it became travels with the page, signed, until a person takes it;
it is refused when the workload it was compared with has changed, and after a day.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import files
from apps.core.errors import Incomplete, WrongState
from apps.core.quarantine.reading import kind_of_counts, read_file, understood
from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.proof import hashes
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors.lots import require_lot
from apps.rfp.selectors.reading import own_cost_of, workload_of
from apps.rfp.services.asking import check_workload, set_workload
from apps.rfp.services.drafting import open_draft, plain_data
from apps.rfp.services.informing import require_tender
from apps.rfp.services.uploads import one_at_a_time
from apps.rfp.workbooks.understanding import Asked, Understood, understand
from apps.workspace.models import User

SALT: Final = "rfp.intervals"
LIFETIME: Final = 24 * 60 * 60  # seconds
NONE_AWAY: Final = {"base": "additive", "parts": []}  # agents at work, not people on a payroll


@dataclass(frozen=True)
class Proposal:
    """What a file would make of the workload. `token` is what `take_in` wants back."""

    understood: Understood
    content: dict[str, Any]
    source: str
    peaks: dict[str, int]  # most agents at once by queue, in the typical week
    token: str


@transaction.atomic
def propose(
    *, rfp: Rfp, name: str, content: bytes, asked: Asked, actor: User, lot: Lot | None = None
) -> Proposal:
    """Read a file of recorded intervals; Unreadable or Incomplete with the place that is wrong."""
    open_draft(rfp, actor)
    require_tender(rfp)
    require_lot(rfp.procurement, lot)
    one_at_a_time(actor)
    book = understood(read_file(content, kind_of_counts(name)))
    held = workload_of(rfp, lot)
    found = understand(book, asked, held.content if held else None)
    check_workload(rfp, found.content, own_cost_of(rfp, lot))
    digest = hashes.of_bytes(content)
    source = _source(files.clean_name(name), digest, found)
    plain = plain_data(found.content)
    signed = {
        "content": plain,
        "source": source,
        "seen": _seen(rfp, lot),
        "place": _place(rfp, lot, actor),
    }
    return Proposal(
        understood=found,
        content=plain,
        source=source,
        peaks=_peaks(plain),
        token=signing.dumps(signed, salt=SALT, compress=True),
    )


@transaction.atomic
def take_in(*, rfp: Rfp, token: str, actor: User, lot: Lot | None = None) -> None:
    """Make a proposal the workload; WrongState when the one it was compared with has moved on."""
    open_draft(rfp, actor)
    try:
        given = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        sentence = _("This preview is not valid any more. Bring the file again.")
        raise Incomplete(sentence, fields={"file": sentence}) from None
    if given["place"] != _place(rfp, lot, actor):
        sentence = _("This preview belongs to another draft or person. Bring the file again.")
        raise Incomplete(sentence, fields={"file": sentence})
    rfp.refresh_from_db()
    if given["seen"] != _seen(rfp, lot):
        raise WrongState(_("The workload has changed since you compared it. Bring the file again."))
    set_workload(
        rfp=rfp,
        actor=actor,
        content=given["content"],
        in_house=own_cost_of(rfp, lot),
        source=given["source"],
        lot=lot,
    )


def _seen(rfp: Rfp, lot: Lot | None) -> str:
    held = workload_of(rfp, lot)
    return hashes.of_value(held.content) if held else ""


def _place(rfp: Rfp, lot: Lot | None, actor: User) -> str:
    return f"{rfp.pk} {lot.pk if lot else ''} {actor.pk}"


def _source(name: str, digest: str, found: Understood) -> str:
    """Say where the figures come from; vendors read it."""
    days = [day for one in found.queues for day in one.record.days]
    sentence = _(
        "Recorded from {first} to {last} ({zone}), {days} days; file {name}, SHA-256 {digest}."
    )
    return sentence.format(
        first=min(days),
        last=max(days),
        zone=found.counts.zone,
        days=len(set(days)),
        name=name[:80],
        digest=digest,
    )


def _peaks(content: dict[str, Any]) -> dict[str, int]:
    """Return the most agents at once in each queue that is answered at once."""
    try:
        record = cases.run("staff", {"workload": content, "shrinkage": NONE_AWAY})
    except InvalidInput as error:
        raise Incomplete(error.sentence, fields={"content": error.sentence}) from None
    rows: Any = record.to_plain()["result"]["queues"]
    return {
        row["name"]: max(int(float(one)) for one in row["agents"])
        for row in rows
        if row.get("agents")
    }
