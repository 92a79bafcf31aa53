"""From a draft to what is sealed: one package per envelope, and the manifest that names them.

A package carries 32 random bytes, so that its digest tells nothing to whoever guesses a price and
checks the guess. The manifest names both packages and the files of the technical envelope: files
of the commercial one are named inside it alone, so that opening quality tells nothing about price.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.bids import adapters, selectors
from apps.bids.models import Bid, Submission
from apps.bids.types.assumptions import Reservations
from apps.bids.types.draft import WHOLE, Draft, DraftFile
from apps.proof import canonical, hashes, receipts
from apps.rfp.models import Question
from apps.rfp.states import EnvelopeKind


@dataclass(frozen=True)
class Packed:
    packages: dict[EnvelopeKind, dict[str, Any]]
    manifest: receipts.Manifest


def pack(draft: Draft, submission: Submission, rfp_digest: str, reserved: Reservations) -> Packed:
    """Return the packages of a submission and their manifest. Only what is asked is packed.

    Each package names the version of the RFP it answers, by number and digest, and the lots that
    the submission covers: the draft is of those alone.
    """
    answered = {"digest": rfp_digest, "version": submission.answers_version}
    kinds = list(EnvelopeKind) if draft.asks_price else [EnvelopeKind.TECHNICAL]
    packages = {kind: {**_package(draft, kind), "rfp": answered} for kind in kinds}
    if draft.asks_price:
        packages[EnvelopeKind.COMMERCIAL]["data_pack"] = submission.priced_on
    _reserve(packages, reserved)
    if draft.offered:
        for package in packages.values():
            package["lots"] = list(submission.lots)
    manifest = receipts.Manifest.of(
        environment=settings.ENVIRONMENT,
        round=str(draft.bid.round_id),
        vendor=str(draft.bid.vendor_id),
        submission=str(submission.pk),
        version=submission.number,
        items=_items(packages),
    )
    return Packed(packages, manifest)


def pack_price(
    bid: Bid,
    sheets: dict[str, dict[str, Any]],
    submission: Submission,
    before: Submission | None,
) -> Packed:
    """Return the one package of a final offer, prices alone by code of the lot, and its manifest.

    It names the submission before it: questionnaire and answers stay as they were there.
    """
    priced = (
        {"lots": list(submission.lots), "prices": sheets}
        if submission.lots
        else {"price": sheets[WHOLE]}
    )
    package = {
        "answers": {},
        "before": before.manifest_digest if before else "",
        "data_pack": submission.priced_on,
        "files": [],
        "kind": EnvelopeKind.COMMERCIAL.value,
        "offer_round": str(submission.offer_round_id),
        "salt": secrets.token_hex(32),
        "schema": adapters.SCHEMA,
        **priced,
    }
    content = canonical.encode(package)
    name = f"{EnvelopeKind.COMMERCIAL.value}.json"
    manifest = receipts.Manifest.of(
        environment=settings.ENVIRONMENT,
        round=str(bid.round_id),
        vendor=str(bid.vendor_id),
        submission=str(submission.pk),
        version=submission.number,
        items=[receipts.Item(name=name, size=len(content), digest=hashes.of_bytes(content))],
    )
    return Packed({EnvelopeKind.COMMERCIAL: package}, manifest)


def _package(draft: Draft, kind: EnvelopeKind) -> dict[str, Any]:
    inside = [
        question
        for chapter in draft.chapters
        if chapter.section.envelope == kind
        for question in chapter.questions
        if question.code in draft.asked
    ]
    package: dict[str, Any] = {
        "answers": {q.code: draft.values[q.code] for q in inside if q.code in draft.values},
        "files": list(_files(draft, inside)),
        "kind": kind.value,
        "salt": secrets.token_hex(32),
        "schema": adapters.SCHEMA,
    }
    if kind == EnvelopeKind.COMMERCIAL and draft.price:
        package["price"] = draft.price.sheet
    if kind == EnvelopeKind.COMMERCIAL and draft.offered:
        package["prices"] = {code: price.sheet for code, price in draft.prices.items()}
    return package


def _reserve(packages: dict[EnvelopeKind, dict[str, Any]], reserved: Reservations) -> None:
    """Pack what the bid is subject to: the wording with quality, what it does to the price with that.

    A confidential mark goes with its answer. What there is none of leaves no trace.
    """
    rows = [one.row for one in reserved.rows]
    if rows:
        packages[EnvelopeKind.TECHNICAL]["assumptions"] = [
            {"number": number, **row.without_price()} for number, row in enumerate(rows, start=1)
        ]
    effects = [
        {"number": number, "amount": row.effect.amount, "unit": row.effect.unit}
        for number, row in enumerate(rows, start=1)
        if row.effect
    ]
    if effects and EnvelopeKind.COMMERCIAL in packages:
        packages[EnvelopeKind.COMMERCIAL]["price_effects"] = effects
    for package in packages.values():
        codes = {*package["answers"], *(one["code"] for one in package["files"])}
        marks = {code: why for code, why in reserved.marks.items() if code in codes}
        if marks:
            package["confidential"] = marks


def _files(draft: Draft, inside: Iterable[Question]) -> Iterable[dict[str, Any]]:
    for question in inside:
        for one in draft.files.get(question.pk, ()):
            yield {
                "blob": one.blob,
                "code": question.code,
                "key": one.key,
                "name": one.name,
                "question": str(question.pk),
                "sha256": one.sha256,
                "size": one.size,
                **{name: text for name, text in _said_of(one).items() if text},
            }


def _said_of(one: DraftFile) -> dict[str, str]:
    """What the vendor says of a file; what it does not say is not packed."""
    return {"class": one.kind, "expires": one.expires, "issued": one.issued}


def _items(packages: dict[EnvelopeKind, dict[str, Any]]) -> Iterable[receipts.Item]:
    for kind, package in packages.items():
        content = canonical.encode(package)
        yield receipts.Item(
            name=f"{kind.value}.json", size=len(content), digest=hashes.of_bytes(content)
        )
    for number, one in enumerate(packages[EnvelopeKind.TECHNICAL]["files"], start=1):
        yield receipts.Item(
            name=f"files/{number:03}-{one['code']}-{one['name']}",
            size=one["size"],
            digest=one["sha256"],
        )


def named_in(submission: Submission) -> receipts.Manifest | receipts.Short:
    """Return what a receipt names: every file with the key of the bid, else the digest of all."""
    plain = selectors.manifest_of(submission)
    if plain is not None:
        return read_manifest(plain)
    return receipts.Short(
        environment=settings.ENVIRONMENT,
        round=str(submission.bid.round_id),
        vendor=str(submission.vendor_id),
        submission=str(submission.pk),
        version=submission.number,
        digest=submission.manifest_digest,
    )


def read_manifest(plain: dict[str, Any]) -> receipts.Manifest:
    """Read a manifest back from the plain data that `to_plain` gave."""
    items = tuple(receipts.Item(**item) for item in plain["items"])
    return receipts.Manifest(**{**plain, "items": items})


def fits(manifest: receipts.Manifest, kind: EnvelopeKind, package: dict[str, Any]) -> bool:
    """Whether an opened package is the one that the manifest names."""
    digest = hashes.of_bytes(canonical.encode(package))
    return any(
        item.name == f"{kind.value}.json" and item.digest == digest for item in manifest.items
    )
