"""Which sign-offs a bid waits for, and whether those given still hold."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cache

from apps.bids.models import (
    Answer,
    Assumption,
    Attachment,
    Bid,
    ChosenLot,
    Confidential,
    PriceSheet,
    SignOff,
    SignOffDuty,
)
from apps.bids.selectors.seeing import sees_price
from apps.bids.states import SignOffPart
from apps.proof import hashes
from apps.rfp.selectors import current_version
from apps.rfp.states import EnvelopeKind

ENVELOPES = {
    SignOffPart.QUALITY: EnvelopeKind.TECHNICAL,
    SignOffPart.PRICE: EnvelopeKind.COMMERCIAL,
}


@dataclass(frozen=True)
class SignOffLine:
    """One person's sign-off of one part, as it stands now."""

    part: str
    label: str
    person_id: uuid.UUID
    name: str
    at: dt.datetime | None  # when it was last given; None when it never was
    given: bool  # whether it holds for what stands now
    fingerprint: str

    @property
    def voided(self) -> bool:
        return self.at is not None and not self.given


def fingerprint_of(bid: Bid, part: SignOffPart) -> str:
    """Return a digest of which versions make up a part. It tells nothing of what they say."""
    inside = {"bid": bid, "question__section__envelope": ENVELOPES[part]}
    version = current_version(bid.round.rfp)
    state: dict[str, object] = {
        "answers": _pairs(Answer.objects.filter(**inside).values_list("question_id", "version")),
        "files": sorted(
            str(pk)
            for pk in Attachment.objects.filter(**inside, removed_at=None).values_list(
                "pk", flat=True
            )
        ),
        "rfp": version.number if version else 1,
        "confidential": sorted(
            [str(pk), hashes.of_bytes(bytes(reason))]
            for pk, reason in Confidential.objects.filter(**inside).values_list(
                "question_id", "ciphertext"
            )
        ),
        "lots": sorted(map(str, ChosenLot.objects.filter(bid=bid).values_list("lot", flat=True))),
        # Wording and effect of an assumption stand in one row, so either part waits for both.
        "subject_to": _pairs(Assumption.objects.filter(bid=bid).values_list("pk", "version")),
    }
    if part == SignOffPart.PRICE:
        sheets = PriceSheet.objects.filter(bid=bid).values_list("pk", "version")
        state["sheets"] = _pairs(sheets)
    return hashes.of_value(state)


def _pairs(rows: object) -> list[list[object]]:
    return sorted([str(pk), version] for pk, version in rows)  # type: ignore[attr-defined]


def sign_offs_of(bid: Bid) -> tuple[SignOffLine, ...]:
    """Return every sign-off asked for whose part this person sees, in the order of the parts."""
    duties = list(
        SignOffDuty.objects.filter(bid=bid).select_related("person").order_by("part", "pk")
    )
    if not duties:
        return ()
    priced = sees_price(bid.pk)
    given = SignOff.objects.filter(bid=bid).order_by("created_at", "pk")
    last = {(one.part, one.signed_by_id): one for one in given}
    now = cache(lambda part: fingerprint_of(bid, SignOffPart(part)))
    return tuple(
        _line(one, last.get((one.part, one.person_id)), now(one.part))
        for one in sorted(duties, key=lambda one: SignOffPart.values.index(one.part))
        if priced or one.part != SignOffPart.PRICE
    )


def _line(duty: SignOffDuty, held: SignOff | None, now: str) -> SignOffLine:
    return SignOffLine(
        part=duty.part,
        label=str(SignOffPart(duty.part).label),
        person_id=duty.person_id,
        name=duty.person.name,
        at=held.created_at if held else None,
        given=held is not None and held.fingerprint == now,
        fingerprint=now,
    )
