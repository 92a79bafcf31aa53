"""Names that stand for one bid: the reference people read, the letter of the blind evaluation."""

from string import ascii_uppercase

from apps.bids.adapters import SCHEMA
from apps.bids.models import Submission
from apps.rfp.states import EnvelopeKind

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32 without I, L, O and U
REFERENCE_LETTERS = 8
RECEIPT_PAPER = "reports.receipt"  # the job that puts a receipt on paper; its subject: a submission
LETTER_PAPER = "reports.letter"  # the job that puts the letter of a result on paper


def reference_of(digest: str) -> str:
    """Return the first 40 bits of a manifest's digest, for people to read out: 7QK4-MD2X."""
    number = int(digest[: REFERENCE_LETTERS * 5 // 4], 16)
    letters = [CROCKFORD[number >> 5 * place & 31] for place in range(REFERENCE_LETTERS)]
    text = "".join(reversed(letters))
    return f"{text[:4]}-{text[4:]}"


def anchor_of(code: str) -> str:
    """Return the id of a question's control on the page: q1-02 for 1.02."""
    return "q" + code.replace(".", "-")


def letter(place: int) -> str:
    """Return the letter of a place, 0 for A; after Z come AA, AB and so on.

    >>> [letter(place) for place in (0, 25, 26, 53)]
    ['A', 'Z', 'AA', 'BB']
    """
    size = len(ascii_uppercase)
    if place < size:
        return ascii_uppercase[place]
    return ascii_uppercase[place // size - 1] + ascii_uppercase[place % size]


def envelope_context(submission: Submission, kind: EnvelopeKind | str) -> dict[str, str]:
    """Return what an envelope is bound to, from the rows it belongs to and never from its own."""
    offer = {"offer_round": str(submission.offer_round_id)} if submission.offer_round_id else {}
    return {
        **offer,
        "bid": str(submission.bid_id),
        "kind": str(EnvelopeKind(kind).value),
        "manifest": submission.manifest_digest,
        "round": str(submission.bid.round_id),
        "schema": SCHEMA,
        "submission": str(submission.number),
        "vendor": str(submission.vendor_id),
    }


def sealed_context(submission: Submission, kind: EnvelopeKind | str) -> dict[str, str]:
    """Return what the sealed envelope is bound to: its place in the round, and the procurement."""
    procurement = str(submission.bid.round.rfp.procurement_id)
    return {**envelope_context(submission, kind), "procurement": procurement}
