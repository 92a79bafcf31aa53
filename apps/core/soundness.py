"""Whether a stored log is still what was signed: everything recomputed, nothing believed."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core import ledger, signing
from apps.core.models import AuditEvent, LogCheckpoint, LogNode, LogStamp
from apps.proof import canonical, checkpoints, hashes, merkle, stamps
from apps.proof.errors import KeyRefused, NotAuthentic, NotCanonical, UnreadableCheckpoint
from apps.proof.keys import VerifyKey
from apps.proof.merkle import Node

MOST = 20  # faults that are told; one is enough to distrust a log


@dataclass(frozen=True)
class Soundness:
    """What a check of one log found: how far it went, and sentences on what is wrong."""

    entries: int
    checkpoints: int
    witnessed: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def check(organisation: uuid.UUID) -> Soundness:
    """Recompute one organisation's log from its events and compare it with all that was signed.

    Reads every event. Needs the organisation's own session, or the scope `fsck`.
    """
    leaves: list[bytes] = []
    faults = list(_entry_faults(organisation, leaves))
    faults += _waiting_faults(organisation)
    faults += _tree_faults(organisation, leaves)
    notes = LogCheckpoint.objects.filter(organisation_id=organisation).order_by("size")
    signed = {f"checkpoint {one.size}": one.note for one in notes}
    faults += _unsigned_faults(leaves, max((one.size for one in notes), default=0))
    seen = dict(_witnesses(organisation))
    faults += _checkpoint_faults(organisation, leaves, {**signed, **seen})
    faults += _stamp_faults(organisation)
    return Soundness(len(leaves), len(signed), len(seen), tuple(faults[:MOST]))


def _entry_faults(organisation: uuid.UUID, leaves: list[bytes]) -> Iterator[str]:
    """Recompute each leaf into `leaves`; say where an event is not what its leaf was made from."""
    nodes = LogNode.objects.filter(organisation_id=organisation, level=0).order_by("place")
    for expected, node in enumerate(nodes.select_related("event").iterator()):
        number = expected + 1
        if node.place != expected:
            yield _("Entry {number} is missing.").format(number=number)
            return
        event = node.event
        if event is None:  # its row was removed behind the database's constraints
            yield _("Entry {number} is missing.").format(number=number)
            return
        leaves.append(hashes.leaf(bytes(event.salt), event.payload.encode()))
        if leaves[-1] != bytes(node.digest) or leaves[-1] != bytes(event.leaf_hash):
            yield _("Entry {number} was changed: its content does not give its hash.").format(
                number=number
            )
        elif not _columns_agree(event):
            yield _("Entry {number} was changed: its columns differ from its content.").format(
                number=number
            )


def _waiting_faults(organisation: uuid.UUID) -> Iterator[str]:
    """Look at the events without a place: they wait for one, and are what was hashed."""
    without = AuditEvent.objects.filter(organisation_id=organisation, leaf=None)
    lost = list(without.filter(pending=None).order_by("seq").values_list("pk", flat=True))
    if lost:
        yield _(
            "{count} events neither stand in the log nor wait for it, the first is {event}."
        ).format(count=len(lost), event=lost[0])
    for event in without.order_by("seq").iterator():
        digest = hashes.leaf(bytes(event.salt), event.payload.encode())
        if digest != bytes(event.leaf_hash) or not _columns_agree(event):
            yield _("Event {event} was changed while it waits for its place.").format(
                event=event.pk
            )


def _unsigned_faults(leaves: list[bytes], signed: int) -> Iterator[str]:
    """Places are given and signed in one transaction: one without the other was made by hand."""
    if len(leaves) > signed:
        yield _("The entries from {number} on stand under no checkpoint.").format(number=signed + 1)


def _columns_agree(event: AuditEvent) -> bool:
    """Whether the columns that pages read say what the hashed content says."""
    try:
        content = canonical.decode(event.payload.encode())
    except NotCanonical:
        return False
    columns = {
        "action": event.action,
        "actor": str(event.actor_id) if event.actor_id else None,
        "at": event.at.isoformat(timespec="microseconds"),
        "procurement": str(event.procurement_id) if event.procurement_id else None,
        "refused": event.refused,
        "subject": f"{event.subject_type}:{event.subject_id}",
    }
    return bool({**content, **columns} == content)


def _tree_faults(organisation: uuid.UUID, leaves: list[bytes]) -> Iterator[str]:
    """Compare the stored subtrees, from which proofs are read, with the recomputed ones."""
    grown = merkle.grow(0, {}, leaves)
    above = LogNode.objects.filter(organisation_id=organisation, level__gt=0)
    stored = {
        Node(level, place): bytes(digest)
        for level, place, digest in above.values_list("level", "place", "digest").iterator()
    }
    wrong = {node for node, digest in stored.items() if grown.get(node) != digest}
    wrong |= {node for node in grown if node.level and node not in stored}
    for node in sorted(wrong)[:1]:
        first = (node.place << node.level) + 1
        yield _("The tree over the entries from {number} on was changed.").format(number=first)


def _checkpoint_faults(
    organisation: uuid.UUID, leaves: list[bytes], notes: dict[str, str]
) -> Iterator[str]:
    origin, known = ledger.origin_of(organisation), _public()
    if not known and notes:
        yield _("The public key of the checkpoints is missing.")
        return
    read: dict[str, checkpoints.SignedCheckpoint] = {}
    for name, note in notes.items():
        try:
            read[name] = checkpoints.read(note)
        except UnreadableCheckpoint as error:
            yield f"{name}: {error.sentence}"
    roots = _roots(leaves, {one.checkpoint.size for one in read.values()})
    for name, one in read.items():
        if one.checkpoint.origin != origin or not any(map(one.confirmed_by, known)):
            yield _("{name} is not signed by this installation for this log.").format(name=name)
        elif not any(one.confirmed_in_time_by(key) for key in known):
            yield _("{name} is dated outside the time of the key that signed it.").format(name=name)
        elif roots.get(one.checkpoint.size) != one.checkpoint.root:
            yield _("The log does not continue {name}: it was rewritten or cut since.").format(
                name=name
            )


def _stamp_faults(organisation: uuid.UUID) -> Iterator[str]:
    """Compare each stored time stamp with what it stamps; who made it, an outsider asks."""
    held = LogStamp.objects.filter(organisation_id=organisation).select_related("checkpoint")
    for one in held.order_by("checkpoint__size").iterator():
        try:
            said = stamps.read(bytes(one.token))
        except NotAuthentic:
            said = None
        note = one.checkpoint.note.encode()
        if said is None or (said.imprint.hex(), said.at) != (hashes.of_bytes(note), one.at):
            yield _("The time stamp of checkpoint {size} is of something else.").format(
                size=one.checkpoint.size
            )


def _roots(leaves: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    growing, found = merkle.Growing(), {}
    for leaf in leaves:
        growing.append(leaf)
        if growing.size in sizes:
            found[growing.size] = growing.root
    return found


def _public() -> tuple[VerifyKey, ...]:
    try:
        return signing.published()
    except KeyRefused:
        return ()


def _witnesses(organisation: uuid.UUID) -> Iterator[tuple[str, str]]:
    """Yield what the witness folder holds of this log."""
    folder = Path(settings.WITNESS_DIR) / str(organisation)
    for path in sorted(folder.glob("*.checkpoint")):
        yield f"witness {path.stem.lstrip('0')}", path.read_text(errors="replace")
