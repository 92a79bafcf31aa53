"""The invariants of a live installation, read from everything that is stored, written to nothing.

Each function looks at one of them and yields what is broken, row by row. It runs in the scope
`fsck`, in which row-level security shows every row and lets none be written. What stored data
cannot show (plaintext outside the database, who received bytes) the tests show with canaries.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Q

from apps.bids import adapters
from apps.bids.models import (
    AnswerVersion,
    Bid,
    Ceremony,
    Envelope,
    KeptKey,
    OfferExtension,
    OfferRequest,
    OfferRound,
    Shortlist,
    Submission,
)
from apps.bids.states import BidState, CeremonyState, Offer, OfferState, ShortlistState
from apps.bids.types.places import envelope_context
from apps.core import clock, keystore, soundness, tenancy
from apps.core.models import AuditEvent, Job, JobState
from apps.matrix.models import Ranking
from apps.pricing.models import Comparison
from apps.proof import hashes
from apps.proof.verifier import recompute
from apps.proof.verifier.verdict import Outcome
from apps.reports.models import LetterPaper, ReceiptPaper, Report
from apps.reports.states import ReportState
from apps.rfp.models import EnvelopeKey, Rfp, Round, Version
from apps.rfp.states import EnvelopeKind, EnvelopeOrder, ExtensionState, KeyKind
from apps.workspace.models import Organisation

UNCLAIMED = dt.timedelta(minutes=5)
SIGNED = (ReportState.SIGNED, ReportState.SUPERSEDED)


@dataclass(frozen=True)
class Broken:
    """One row that contradicts an invariant: which, and a sentence that names the row."""

    invariant: str
    sentence: str


def submissions_are_in_the_log() -> Iterator[str]:
    """I1: a submission has exactly one entry with its digest, and no entry is without one."""
    said: dict[str, list[str]] = defaultdict(list)
    for act in ("bid.submit", "bids.submit_offer"):
        for payload in _payloads(act):
            said[payload["submission"]].append(payload["manifest_digest"])
    for submission in Submission.objects.iterator():
        entries = said.pop(str(submission.pk), [])
        if entries != [submission.manifest_digest]:
            yield f"{submission} has {len(entries)} entries in the log, or another digest there"
    for missing in said:
        yield f"the log names submission {missing}, and there is no such row"


def submissions_came_in_time() -> Iterator[str]:
    """I2: none arrived at the deadline or later, none was committed after the opening.

    A final offer has a closing time and an opening of its own; that time is the one that was asked
    for, or the last that two persons moved it to after an outage.
    """
    held = Submission.objects.select_related("bid__round", "offer_round")
    for final, at in ((False, "bid__round"), (True, "offer_round")):
        late = Q(arrived_at__gte=F(f"{at}__closes_at"))
        unseen = Q(committed_at__gt=F(f"{at}__opened_at"))
        ours = held.filter(offer_round__isnull=not final)
        for submission in ours.filter(late | unseen).iterator():
            due = submission.offer_round or submission.bid.round
            yield f"{submission} arrived at {submission.arrived_at}, {due}"
    yield from _moved_closing_times()


def _moved_closing_times() -> Iterator[str]:
    agreed: dict[str, dt.datetime] = {}
    events = AuditEvent.objects.filter(action="bids.request_offers", refused=False)
    for offer_id, payload in events.values_list("subject_id", "payload").iterator():
        agreed[offer_id] = dt.datetime.fromisoformat(json.loads(payload)["details"]["closes_at"])
    moved = OfferExtension.objects.filter(state=ExtensionState.CONFIRMED).order_by("closes_at")
    for extension in moved.iterator():
        agreed[str(extension.offer_round_id)] = extension.closes_at
    for held in OfferRound.objects.exclude(state=OfferState.DROPPED).iterator():
        if agreed.get(str(held.pk)) != held.closes_at:
            yield f"{held} closes at {held.closes_at}, which nobody confirmed"


def keys_of_submitted_bids_are_gone() -> Iterator[str]:
    """I3, as far as stored data shows it: the key of a submitted bid is the vendor's alone."""
    for kept in KeptKey.objects.select_related("bid").iterator():
        first = kept.offer == Offer.FIRST
        if first and kept.bid.state == BidState.DRAFT:
            continue
        if keystore.exists(adapters.draft_key(kept.bid_id, kept.offer)):
            yield f"the key of {kept.bid}, offer {kept.offer}, is in the keystore"
    for bid in Bid.objects.filter(state=BidState.SUBMITTED, kept_keys=None).iterator():
        yield f"the key of {bid} was never handed over"


def envelopes_are_bound_to_their_rows() -> Iterator[str]:
    """I5: the stored context is the one rebuilt from the row."""
    for envelope in Envelope.objects.select_related("submission__bid").iterator():
        if envelope.context != envelope_context(envelope.submission, envelope.kind):
            yield f"{envelope} is bound to another place than its row's"


def openings_were_due() -> Iterator[str]:
    """I6: no round was opened early or without its keys, no envelope before its round."""
    early = Q(opened_at__lt=F("closes_at") + F("grace"))
    for round_ in Round.objects.filter(early).iterator():
        yield f"{round_} was opened at {round_.opened_at}"
    turned = Ceremony.objects.filter(state=CeremonyState.OPENED, kind=KeyKind.TECHNICAL)
    for round_ in Round.objects.exclude(opened_at=None).exclude(
        rfp__in=turned.annotate(persons=Count("turns__turned_by", distinct=True))
        .filter(persons__gte=F("needed"))
        .values("rfp")
    ):
        yield f"{round_} was opened without the keys of its openers"
    before = Q(opened_at__isnull=False) & (
        Q(bid__round__opened_at=None) | Q(opened_at__lt=F("bid__round__opened_at"))
    )
    for envelope in Envelope.objects.filter(before).iterator():
        yield f"{envelope} was opened at {envelope.opened_at}, before its round"


def logs_are_what_was_signed() -> Iterator[str]:
    """I7: every log is contiguous, its leaves valid, and it continues all its checkpoints."""
    for organisation in Organisation.objects.order_by("pk"):
        for fault in soundness.check(organisation.pk).faults:
            yield f"log of {organisation.pk}: {fault}"


def results_compute_again() -> Iterator[str]:
    """I8: rankings and comparisons are their digests' records, and give the same result again."""
    for model in (Ranking, Comparison):
        for row in model._default_manager.iterator():
            raw = row.record.encode()
            if hashes.of_bytes(raw) != row.digest:
                yield f"{row} is not the record of its digest"
                continue
            outcome, sentence = recompute.replay(raw)
            if outcome is Outcome.FAILED:
                yield f"{row}: {sentence}"


def publications_are_frozen() -> Iterator[str]:
    """I9: what was published is what its digest says, and the log says the same digest."""
    acts = ("rfp.publish", "addendum.publish")
    said = {payload["digest"] for act in acts for payload in _payloads(act)}
    for rfp in Rfp.objects.exclude(digest="").iterator():
        if hashes.of_bytes(rfp.frozen.encode()) != rfp.digest:
            yield f"{rfp} holds other content than its digest says"
    for version in Version.objects.iterator():
        if hashes.of_bytes(version.content.encode()) != version.digest:
            yield f"{version} holds other content than its digest says"
    for version in Version.objects.exclude(digest__in=said).iterator():
        yield f"{version} was published under a digest that no entry of the log names"
    yield from _changed_keys()


def _changed_keys() -> Iterator[str]:
    """Bids are sealed to the keys that the log names since the publication, and to no others."""
    said: dict[str, dict[str, str]] = {}
    events = AuditEvent.objects.filter(action="rfp.publish", refused=False)
    for rfp_id, payload in events.values_list("subject_id", "payload").iterator():
        said[rfp_id] = json.loads(payload)["details"].get("keys", {})
    for key in EnvelopeKey.objects.iterator():
        published = said.get(str(key.rfp_id), {})
        if published and published.get(key.kind) != hashes.of_bytes(bytes(key.public)):
            yield f"{key} is not the key that was published"


def reports_are_in_the_log() -> Iterator[str]:
    """I10: a signed report is the frozen payload's, and the log says the digest of its file."""
    said = {payload["signed_sha256"] for payload in _payloads("report.sign")}
    for report in Report.objects.iterator():
        if hashes.of_bytes(report.payload.encode()) != report.digest:
            yield f"{report} holds another payload than its digest says"
        if report.state in SIGNED and report.signed_sha256 not in said:
            yield f"{report} was signed, and no entry of the log names its file"
    papers = {
        payload["signed_sha256"]
        for act in ("receipt.sign", "letter.sign")
        for payload in _payloads(act)
    }
    for paper in (*ReceiptPaper.objects.iterator(), *LetterPaper.objects.iterator()):
        if hashes.of_bytes(paper.payload.encode()) != paper.digest:
            yield f"{paper} holds another payload than its digest says"
        if paper.signed_sha256 not in papers:
            yield f"{paper} was signed, and no entry of the log names its file"


def answers_have_every_version() -> Iterator[str]:
    """I11: versions of an answer run from 1 to n without a gap."""
    held = AnswerVersion.objects.values("bid", "question")
    counted = held.annotate(least=Min("version"), most=Max("version"), number=Count("pk"))
    for row in counted.exclude(least=1, most=F("number")).iterator():
        yield f"answer {row['question']} of bid {row['bid']} has {row['number']} of {row['most']}"


def work_is_claimed() -> Iterator[str]:
    """I13: nothing due waits unclaimed for more than five minutes."""
    overdue = clock.now() - UNCLAIMED
    for job in Job.objects.filter(state=JobState.QUEUED, run_after__lt=overdue).iterator():
        yield f"{job} is due since {job.run_after}"


def prices_stayed_shut() -> Iterator[str]:
    """I14: where quality comes first, no price was opened before the scores were locked."""
    locked = {
        event.procurement_id: event.at
        for event in AuditEvent.objects.filter(action="scoring.lock").order_by("-at")
    }
    prices = Envelope.objects.filter(kind=EnvelopeKind.COMMERCIAL, opened_at__isnull=False)
    prices = prices.filter(bid__round__rfp__envelope_order=EnvelopeOrder.TECHNICAL_FIRST)
    for envelope in prices.select_related("bid__round__rfp").iterator():
        at = locked.get(envelope.bid.round.rfp.procurement_id)
        if at is None or (envelope.opened_at and envelope.opened_at < at):
            yield f"{envelope} was opened at {envelope.opened_at}, before the scores were locked"


def shortlists_stand() -> Iterator[str]:
    """I15: a confirmed shortlist is its digest's record, and the log says the same digest."""
    said = {payload["digest"] for payload in _payloads("shortlist.confirm")}
    for row in Shortlist.objects.filter(state=ShortlistState.CONFIRMED).iterator():
        if hashes.of_bytes(row.record.encode()) != row.digest or row.digest not in said:
            yield f"{row} is not the list that was confirmed"


def final_offers_were_asked_for() -> Iterator[str]:
    """I16: a final offer covers what its bid was asked for, and one taken back was not opened."""
    asked: dict[tuple[object, object], set[str]] = defaultdict(set)
    for one in OfferRequest.objects.exclude(sent_at=None).select_related("lot").iterator():
        asked[one.offer_round_id, one.bid_id].add(one.lot.code if one.lot else "")
    for submission in Submission.objects.exclude(offer_round=None).iterator():
        if not set(submission.sheets) <= asked[submission.offer_round_id, submission.bid_id]:
            yield f"{submission} is a final offer for more than it was asked for"
    for envelope in Envelope.objects.filter(
        submission__withdrawn__isnull=False, opened_at__isnull=False
    ).iterator():
        yield f"{envelope} was opened, and its vendor had taken it back"


INVARIANTS: dict[str, Callable[[], Iterator[str]]] = {
    "I1": submissions_are_in_the_log,
    "I2": submissions_came_in_time,
    "I3": keys_of_submitted_bids_are_gone,
    "I5": envelopes_are_bound_to_their_rows,
    "I6": openings_were_due,
    "I7": logs_are_what_was_signed,
    "I8": results_compute_again,
    "I9": publications_are_frozen,
    "I10": reports_are_in_the_log,
    "I11": answers_have_every_version,
    "I13": work_is_claimed,
    "I14": prices_stayed_shut,
    "I15": shortlists_stand,
    "I16": final_offers_were_asked_for,
}
# The database's own unique constraints hold I12; this one needs canaries, which the tests plant.
NOT_STORED = ("I4",)


def broken() -> list[Broken]:
    """Return every row that contradicts an invariant; none on a sound installation."""
    with tenancy.acting_as(scope="fsck"):
        return [Broken(name, sentence) for name, look in INVARIANTS.items() for sentence in look()]


def _payloads(action: str) -> Iterator[dict[str, str]]:
    events = AuditEvent.objects.filter(action=action, refused=False)
    for payload in events.values_list("payload", flat=True).iterator():
        yield json.loads(payload)["details"]
