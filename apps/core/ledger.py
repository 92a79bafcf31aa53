"""An organisation's log: events get their places, and checkpoints of it leave the machine.

Events are committed with their changes and wait in `LogPending`. Whoever makes a checkpoint puts
all that wait into the tree first, one organisation at a time under a lock of its own: changes never
wait for one another, and the log has no gap and no order that depends on a transaction still open.
"""

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from apps.core import clock, jobs, mail, signing, tenancy
from apps.core.errors import WrongState
from apps.core.models import AuditEvent, LogCheckpoint, LogNode, LogPending, LogStamp
from apps.proof import checkpoints, merkle, stamps
from apps.proof.checkpoints import Checkpoint, SignedCheckpoint
from apps.proof.errors import KeyRefused
from apps.proof.keys import SigningKey
from apps.proof.logs import Entry, Export, ProvenEntry
from apps.proof.merkle import Node, Span

log = logging.getLogger(__name__)

STAMP = "core.stamp"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('cceval log ' || %s, 0))"


def origin_of(organisation: uuid.UUID) -> str:
    """Return the name of an organisation's log: it binds a checkpoint to this installation."""
    return f"cceval/{quote(settings.ENVIRONMENT, safe='')}/{organisation}"


@transaction.atomic
def checkpoint() -> LogCheckpoint | None:
    """Put the waiting events into the acting organisation's log and sign its root, if it grew.

    None when the log is empty. WrongState when the key is missing, or when the stored tree does not
    continue what was signed last: then nothing is signed.
    """
    organisation = tenancy.require_organisation()
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [str(organisation)])
    events = _put_in(organisation)
    size = _size(organisation)
    last = LogCheckpoint.objects.filter(organisation_id=organisation).order_by("-size").first()
    if not size or (last and last.size == size):
        return last
    root = _root(organisation, size)
    _require_continuation(organisation, last, size, root)
    unsigned = Checkpoint(origin=origin_of(organisation), size=size, root=root, at=clock.now())
    made = LogCheckpoint.objects.create(
        organisation_id=organisation, size=size, note=checkpoints.issue(unsigned, _key()).note
    )
    transaction.on_commit(lambda: bear_witness(made), robust=True)
    if settings.TIME_STAMPING:
        jobs.enqueue(kind=STAMP, subject_id=made.pk, actor=None)
    _mail(made, events)
    return made


def _put_in(organisation: uuid.UUID) -> list[AuditEvent]:
    """Give every committed event that waits its place; returns them in their order."""
    waiting = AuditEvent.objects.filter(pending__organisation_id=organisation)
    events = list(waiting.only("action", "leaf_hash", "procurement_id").order_by("seq"))
    if not events:
        return []
    size = _size(organisation)
    stored = _stored(organisation, merkle.edge(size))
    grown = merkle.grow(size, stored, [bytes(event.leaf_hash) for event in events])
    LogNode.objects.bulk_create(
        [
            LogNode(
                organisation_id=organisation,
                level=node.level,
                place=node.place,
                digest=digest,
                event=None if node.level else events[node.place - size],
            )
            for node, digest in grown.items()
        ],
        batch_size=1000,
    )
    LogPending.objects.filter(event__in=events).delete()
    return events


def _size(organisation: uuid.UUID) -> int:
    leaves = LogNode.objects.filter(organisation_id=organisation, level=0)
    last = leaves.aggregate(last=Max("place"))["last"]
    return 0 if last is None else int(last) + 1


def _stored(organisation: uuid.UUID, nodes: Iterable[Node]) -> dict[Node, bytes]:
    wanted = [Q(level=node.level, place=node.place) for node in nodes]
    if not wanted:
        return {}
    found = LogNode.objects.filter(reduce(or_, wanted), organisation_id=organisation)
    return {
        Node(level, place): bytes(digest)
        for level, place, digest in found.values_list("level", "place", "digest")
    }


def _hashes(organisation: uuid.UUID, spans: list[Span]) -> tuple[bytes, ...]:
    return merkle.hashes_of(spans, _stored(organisation, merkle.needed(spans)))


def _root(organisation: uuid.UUID, size: int) -> bytes:
    return _hashes(organisation, [Span(0, size)])[0]


def _require_continuation(
    organisation: uuid.UUID, last: LogCheckpoint | None, size: int, root: bytes
) -> None:
    """Sign no tree that departs from the one signed before: that is what a forger would need."""
    if last is None:
        return
    path = _hashes(organisation, merkle.consistency(last.size, size)) if last.size < size else ()
    before = checkpoints.read(last.note).checkpoint
    if not merkle.consistent(
        old=before.size, new=size, old_root=before.root, new_root=root, path=path
    ):
        log.critical("the log of %s does not continue its last checkpoint", organisation)
        raise WrongState(
            _(
                "The record does not continue its last checkpoint, so nothing is signed."
                " Tell the administrator and the auditor."
            )
        )


def _key() -> SigningKey:
    try:
        return signing.read_key()
    except KeyRefused:
        raise WrongState(
            _(
                "The record cannot be signed now: the signing key of this installation is not set"
                " up. Tell the administrator, then come back."
            )
        ) from None


# Leaving the machine


def bear_witness(made: LogCheckpoint) -> Path:
    """Write a checkpoint into the witness folder, which belongs on another machine. Never over one."""
    path = witness_of(made)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(made.note, encoding="utf-8")
    return path


def witness_of(made: LogCheckpoint) -> Path:
    return Path(settings.WITNESS_DIR) / str(made.organisation_id) / f"{made.size:012}.checkpoint"


def needs_stamp(made: LogCheckpoint) -> bool:
    """Whether an authority has to see this checkpoint: a newer one covers it, once it is stamped."""
    held = LogCheckpoint.objects.filter(organisation_id=made.organisation_id)
    newer = held.filter(size__gt=made.size).exists()
    return not newer and not LogStamp.objects.filter(checkpoint=made).exists()


def keep_stamp(made: LogCheckpoint, token: bytes) -> LogStamp:
    """Keep an authority's stamp over a checkpoint, here and in the witness folder."""
    stamp = LogStamp.objects.create(
        organisation_id=made.organisation_id,
        checkpoint=made,
        token=token,
        at=stamps.read(token).at,
    )
    transaction.on_commit(lambda: _bear_stamp(made, token), robust=True)
    return stamp


def _bear_stamp(made: LogCheckpoint, token: bytes) -> None:
    path = bear_witness(made).with_suffix(".tst")
    if not path.exists():
        path.write_bytes(token)


def _mail(made: LogCheckpoint, events: Iterable[AuditEvent]) -> None:
    """Send the checkpoint after a milestone to whoever the procurement names for it."""
    found = {
        event.procurement_id
        for event in events
        if event.procurement_id and event.action in settings.LOG_MILESTONES
    }
    readers = import_string(settings.LOG_READERS)
    for address in sorted({one for case in found for one in readers(case)}):
        mail.send(
            to=address,
            event=f"log.checkpoint:{made.pk}",
            template="log_checkpoint",
            context={"note": made.note, "size": made.size},
            actor=None,
        )


# Reading


@dataclass(frozen=True)
class Standing:
    """How a log stands: the newest checkpoint and its first one, and how many events wait."""

    first: LogCheckpoint | None
    last: LogCheckpoint | None
    waiting: int
    stamp: LogStamp | None = None  # the newest one of an outside authority

    @property
    def signed(self) -> SignedCheckpoint | None:
        return checkpoints.read(self.last.note) if self.last else None


def standing() -> Standing:
    """Return how the acting organisation's log stands."""
    organisation = tenancy.require_organisation()
    held = LogCheckpoint.objects.filter(organisation_id=organisation)
    return Standing(
        first=held.order_by("size").first(),
        last=held.order_by("-size").first(),
        waiting=LogPending.objects.filter(organisation_id=organisation).count(),
        stamp=_stamps(organisation).last() if settings.TIME_STAMPING else None,
    )


def _stamps(organisation: uuid.UUID) -> QuerySet[LogStamp]:
    held = LogStamp.objects.filter(organisation_id=organisation).select_related("checkpoint")
    return held.order_by("checkpoint__size")


def proof_of(event: AuditEvent) -> ProvenEntry:
    """Prove an event by the first checkpoint over it: the same proof however often it is asked for."""
    organisation = event.organisation_id
    leaf = LogNode.objects.filter(event=event).first()
    if leaf is None:
        checkpoint()
        leaf = LogNode.objects.get(event=event)
    over = LogCheckpoint.objects.filter(organisation_id=organisation, size__gt=leaf.place)
    made = over.order_by("size")[0]
    return ProvenEntry(
        entry=_entry(leaf.place, event),
        path=_hashes(organisation, merkle.inclusion(leaf.place, made.size)),
        signed=checkpoints.read(made.note),
    )


def export(events: Iterable[AuditEvent]) -> Export | None:
    """Return the log of the acting organisation with the content of these events; None if it is empty."""
    made = checkpoint()
    if made is None:
        return None
    leaves = _leaves(made.organisation_id)
    places = dict(leaves.values_list("event_id", "place"))
    known = sorted((places[event.pk], event) for event in events if event.pk in places)
    earlier = LogCheckpoint.objects.filter(organisation_id=made.organisation_id)
    notes = earlier.exclude(pk=made.pk).order_by("size").values_list("note", flat=True)
    return Export(
        signed=checkpoints.read(made.note),
        earlier=tuple(checkpoints.read(note) for note in notes),
        leaves=tuple(bytes(digest) for digest in leaves.values_list("digest", flat=True)),
        entries=tuple(_entry(place, event) for place, event in known),
        stamps=tuple(bytes(one.token) for one in _stamps(made.organisation_id)),
    )


def _leaves(organisation: uuid.UUID) -> QuerySet[LogNode]:
    return LogNode.objects.filter(organisation_id=organisation, level=0).order_by("place")


def _entry(place: int, event: AuditEvent) -> Entry:
    return Entry(index=place, salt=bytes(event.salt), body=event.payload.encode())
