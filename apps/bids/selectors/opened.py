"""Bids after their opening, as the panel may read them. Before it there is nothing, not a count."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import Bid, Envelope
from apps.bids.selectors.drafts import bids_of
from apps.bids.selectors.groups import unread_in, with_unread
from apps.bids.selectors.reading import read_package
from apps.bids.states import EnvelopeState
from apps.bids.types.evidence import OpenedFile, standing
from apps.core import clock, files
from apps.core.access import can
from apps.core.errors import NotFound
from apps.rfp.answers import Value
from apps.rfp.models import Rfp
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import User
from apps.workspace.rules import recused_from


def bids_visible_to(user: User, rfp: Rfp) -> QuerySet[Bid]:
    """Return the bids this person may know of: a vendor its own, a panel the opened ones."""
    if not can(user, "bids.read_answers", rfp):
        return bids_of(user).filter(round__rfp=rfp)
    return _opened(user, rfp)


def _opened(user: User, rfp: Rfp) -> QuerySet[Bid]:
    """Return the opened bids; one whose vendor the person is recused from does not exist for them."""
    recused = recused_from(user, rfp)
    held = Bid.objects.exclude(vendor_id__in=recused) if recused else Bid.objects.all()
    return (
        held.filter(
            round__rfp=rfp,
            round__opened_at__isnull=False,
            envelopes__kind=EnvelopeKind.TECHNICAL,
            envelopes__state=EnvelopeState.OPENED,
        )
        .select_related("vendor", "round__rfp__procurement")
        .order_by("letter")
    )


def vendor_names(user: User, rfp: Rfp) -> dict[uuid.UUID, str]:
    """Return each opened bid's name as this person may see it: the vendor's, or "Bid A"."""
    named = can(user, "bids.see_names", rfp)
    return {
        bid.pk: bid.vendor.name if named else _("Bid {letter}").format(letter=bid.letter)
        for bid in for_panel(user, rfp)
    }


def for_panel(user: User, rfp: Rfp) -> QuerySet[Bid]:
    """Opened bids for a member of the panel; to everybody else there are none."""
    return _opened(user, rfp) if can(user, "bids.read_answers", rfp) else Bid.objects.none()


def covering(rfp: Rfp) -> dict[uuid.UUID, frozenset[str]]:
    """Return the codes of the lots that each opened bid covers: one query."""
    held = Envelope.objects.filter(
        bid__round__rfp=rfp, kind=EnvelopeKind.TECHNICAL, state=EnvelopeState.OPENED
    )
    return {bid: frozenset(lots) for bid, lots in held.values_list("bid_id", "submission__lots")}


def packages(
    user: User, rfp: Rfp, *, whole: bool = False
) -> Iterator[tuple[Bid, EnvelopeKind, dict[str, Any]]]:
    """Decrypt what was opened, bid by bid in the order of letters: two queries.

    Final offers are left out: they are a price alone, which `quotes_for` reads. What waits for the
    release of a group is left out too; `whole` keeps it, for what is computed and shown to nobody.
    """
    for bid, envelope in envelopes(user, rfp):
        if envelope.offer_round_id is None:
            package = read_package(envelope)
            shown = package if whole else _read_by(package, unread_in(bid))
            yield bid, EnvelopeKind(envelope.kind), shown


def _read_by(package: dict[str, Any], shut: Collection[str]) -> dict[str, Any]:
    """Leave out what waits. What a bid is subject to may speak of any section: it waits as well."""
    if not shut:
        return package
    return {
        **package,
        "answers": {code: said for code, said in package["answers"].items() if code not in shut},
        "files": [one for one in package["files"] if one["code"] not in shut],
        "confidential": {
            code: why for code, why in package.get("confidential", {}).items() if code not in shut
        },
        "assumptions": [],
    }


def envelopes(user: User, rfp: Rfp) -> Iterator[tuple[Bid, Envelope]]:
    """Yield what was opened, by letter; of a bid the final offer after the first."""
    held = {bid.pk: bid for bid in with_unread(for_panel(user, rfp), user, rfp)}
    opened = (
        Envelope.objects.filter(bid__in=held, state=EnvelopeState.OPENED)
        .select_related("submission__bid")
        .order_by("bid__letter", "-kind", "submission__number")
    )
    for envelope in opened:
        yield held[envelope.bid_id], envelope


def opened_answers(
    user: User, rfp: Rfp, *, whole: bool = False
) -> dict[uuid.UUID, dict[str, Value]]:
    """Return every opened answer by bid and question code; of a file question its files' facts.

    `whole` as in `packages`.
    """
    found: dict[uuid.UUID, dict[str, Value]] = {bid.pk: {} for bid in for_panel(user, rfp)}
    for bid, _kind, package in packages(user, rfp, whole=whole):
        found[bid.pk] |= package["answers"]
    return found


def answers_of(user: User, rfp: Rfp, bid: Bid) -> dict[str, Value] | None:
    """Return all opened answers of one bid, without a look at any other: one query.

    For what is computed, knock-outs and conditions: those of sections that wait are among them.

    None where the bid is none of this RFP, is not open, or is not this person's to read.
    """
    if bid.round.rfp_id != rfp.pk or not can(user, "bids.read_answers", rfp):
        return None
    if bid.vendor_id in recused_from(user, rfp):
        return None
    # No join with bids and rounds: under row-level security each costs milliseconds to plan, and
    # the policy itself shows no envelope before its round is open.
    opened = Envelope.objects.filter(bid=bid.pk, state=EnvelopeState.OPENED, offer_round=None)
    found = {}
    for envelope in opened.select_related("submission"):
        envelope.submission.bid = bid
        found[envelope.kind] = read_package(envelope)["answers"]
    if EnvelopeKind.TECHNICAL not in found:
        return None
    given: dict[str, Value] = {}
    for package in found.values():
        given |= package
    return given


def attachments_of(user: User, rfp: Rfp) -> dict[uuid.UUID, dict[str, list[OpenedFile]]]:
    """Return the files of opened envelopes by bid and question code.

    A file's own name tells whose it is: who sees no names yet gets a neutral one.
    """
    named = can(user, "bids.see_names", rfp)
    found: dict[uuid.UUID, dict[str, list[OpenedFile]]] = {}
    for bid, _kind, package in packages(user, rfp):
        held = found.setdefault(bid.pk, {})
        for one in package["files"]:
            fact = file_in(one, bid)
            beside = held.setdefault(fact.code, [])
            beside.append(fact if named else replace(fact, name=_neutral(fact, bid, beside)))
    return found


def _neutral(fact: OpenedFile, bid: Bid, before: Sequence[OpenedFile]) -> str:
    """Name a file by its bid's letter, its question and its place, with the ending it has."""
    stem, dot, ending = fact.name.rpartition(".")
    plain = f".{ending.lower()}" if stem and dot and ending.isalnum() else ""
    return f"bid-{bid.letter}-{fact.code}-{len(before) + 1}{plain}"


def file_in(one: Mapping[str, Any], bid: Bid) -> OpenedFile:
    """Read a file's facts, with what its last day means today and meant at the opening."""
    expires, opens = one.get("expires", ""), bid.round.closes_at + bid.round.grace
    meaning = standing(expires, today=clock.now().date(), opens=opens.date())
    said = {"kind": one.get("class", ""), "issued": one.get("issued", "")}
    return OpenedFile(
        *(one["code"], one["name"], one["size"], one["sha256"], expires), **said, standing=meaning
    )


def opened_file(user: User, bid: Bid, sha256: str) -> tuple[OpenedFile, bytes]:
    """Return a file of an opened bid with its content; NotFound where it is not this person's."""
    shown = attachments_of(user, bid.round.rfp).get(bid.pk, {})
    facts = {fact.sha256: fact for beside in shown.values() for fact in beside}
    for one, _kind, package in packages(user, bid.round.rfp):
        if one.pk != bid.pk:
            continue
        for held in package["files"]:
            if held["sha256"] == sha256:
                blob = files.read(held["blob"])
                return facts[sha256], adapters.decrypt_file(
                    held["key"], blob, bid_id=bid.pk, question_id=held["question"]
                )
    raise NotFound(_("There is no such file in this bid."))


def opened_bid_for(user: User, *, procurement_id: uuid.UUID, bid_id: uuid.UUID) -> Bid:
    """Return one opened bid of a procurement on whose panel the person sits."""
    held = Bid.objects.filter(pk=bid_id, round__rfp__procurement_id=procurement_id)
    bid = held.select_related("round__rfp__procurement").first()
    if bid is None or not for_panel(user, bid.round.rfp).filter(pk=bid_id).exists():
        raise NotFound(_("There is no such bid in this procurement."))
    return bid


@dataclass(frozen=True)
class BidFile:
    """A file of an opened bid as a subject: whose bid, which file."""

    bid: Bid
    sha256: str


def opened_file_for(
    user: User, *, procurement_id: uuid.UUID, bid_id: uuid.UUID, sha256: str
) -> BidFile:
    return BidFile(opened_bid_for(user, procurement_id=procurement_id, bid_id=bid_id), sha256)


def hidden_name(user: User, bid: Bid) -> str:
    """Return the vendor's name where this person must not read it yet, else an empty text."""
    return "" if can(user, "bids.see_names", bid.round.rfp) else bid.vendor.name
