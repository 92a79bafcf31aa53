"""The codec of a bid: which key protects what, and the context each ciphertext is bound to.

A draft is encrypted under a key of its own bid, which the service holds outside the database until
the bid is submitted; from then on the vendor brings it (ADR 0021). Each file has a key of its own,
wrapped with the file's facts: at submission only keys move. A submitted envelope is sealed to a key
that only the openers can put together; an opened one is kept under the round's evaluation key.
"""

import secrets
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, TypeAlias

from django.conf import settings
from django.utils.translation import gettext as _

from apps.bids.states import Offer
from apps.core import keystore, signing
from apps.core.errors import WrongState
from apps.proof import canonical, envelopes, keys
from apps.proof.errors import KeyRefused, NotAuthentic, NotCanonical
from apps.proof.sealing import PrivateKey, PublicKey

Stored: TypeAlias = bytes | memoryview  # what a binary column gives back

SCHEMA = "cceval bid 1"
ANSWER, FACTS, PRICE, MANIFEST = "answer", "file facts", "price sheet", "manifest"
ASSUMPTION, CONFIDENTIAL = "assumption", "confidential"
COMMENT = "comment"
RECEIPT_KEY = "receipts.key"
RECEIPT_PUBLIC = "receipts.pem"
PASSPHRASE = "passphrase"  # noqa: S105 -- the name of a file

# Drafts


class Locked(WrongState):
    """The key of this bid is not here: it is the vendor's, or it is lost."""


_in_hand: ContextVar[Mapping[str, bytes]] = ContextVar("_in_hand", default=MappingProxyType({}))


@contextmanager
def in_hand(keys: Mapping[str, bytes]) -> Iterator[None]:
    """Read and write with keys that the vendor brought: in memory, and for this moment alone."""
    token = _in_hand.set({**_in_hand.get(), **keys})
    try:
        yield
    finally:
        _in_hand.reset(token)


def take_in_hand(keys: Mapping[str, bytes]) -> None:
    """Take keys in hand until the `in_hand` around it ends: for the middleware of a request."""
    _in_hand.set({**_in_hand.get(), **keys})


def draft_key(bid_id: uuid.UUID, offer: int = Offer.FIRST) -> str:
    """Name the key of a bid's draft; the price of a final offer has one of its own."""
    return f"draft-{bid_id}" if offer == Offer.FIRST else f"offer-{bid_id}"


def key_of(name: str) -> bytes:
    """Return the key of a draft: the one in hand, else the keystore's; Locked without either."""
    if name in _in_hand.get():
        return _in_hand.get()[name]
    try:
        return keystore.read(name)
    except FileNotFoundError:
        raise Locked(
            _(
                "This bid is sealed: it is read with its recovery code, or on the device that"
                " submitted it."
            )
        ) from None


def kept_context(bid_id: uuid.UUID, vendor_id: uuid.UUID, offer: int) -> dict[str, str]:
    """Return what a key under a vendor's secret is bound to."""
    return {
        "bid": str(bid_id),
        "environment": settings.ENVIRONMENT,
        "kind": "kept key",
        "offer": str(int(offer)),
        "vendor": str(vendor_id),
    }


def _named(bid_id: uuid.UUID, kind: str) -> str:
    final = {of_offer(one, Offer.FINAL) for one in (PRICE, MANIFEST)}
    return draft_key(bid_id, Offer.FINAL if kind in final else Offer.FIRST)


def protect(content: object, *, bid_id: uuid.UUID, kind: str, subject: object) -> bytes:
    """Encrypt plain data of a draft, bound to its bid, its kind and what it belongs to."""
    context = {"bid": str(bid_id), "kind": kind, "subject": str(subject)}
    return keystore.encrypt_under(key_of(_named(bid_id, kind)), canonical.encode(content), context)


def reveal(ciphertext: Stored, *, bid_id: uuid.UUID, kind: str, subject: object) -> Any:
    """Undo `protect`; Locked without the key, and a changed row is a sentence, no traceback."""
    context = {"bid": str(bid_id), "kind": kind, "subject": str(subject)}
    key = key_of(_named(bid_id, kind))
    try:
        return canonical.decode(keystore.decrypt_under(key, bytes(ciphertext), context))
    except (NotAuthentic, NotCanonical):
        raise WrongState(
            _(
                "This draft cannot be read: its key or its content was changed. Tell the administrator."
            )
        ) from None


def of_offer(kind: str, offer: int) -> str:
    """Return what a price sheet or a manifest is bound to: that of one offer is no other's."""
    return kind if offer == Offer.FIRST else f"{kind} {offer}"


def price_kind(offer: int) -> str:
    return of_offer(PRICE, offer)


# Files


def encrypt_file(content: bytes, *, bid_id: uuid.UUID, question_id: uuid.UUID) -> tuple[str, bytes]:
    """Return a new file key (hexadecimal) and the file under it."""
    key = secrets.token_bytes(envelopes.KEY_BYTES)
    return key.hex(), envelopes.encrypt(key, content, _file_context(bid_id, question_id))


def decrypt_file(
    key: str, blob: bytes, *, bid_id: uuid.UUID, question_id: uuid.UUID | str
) -> bytes:
    try:
        return envelopes.decrypt(bytes.fromhex(key), blob, _file_context(bid_id, question_id))
    except NotAuthentic:
        raise WrongState(
            _("This file was changed in the storage. Tell the administrator.")
        ) from None


def _file_context(bid_id: uuid.UUID, question_id: uuid.UUID | str) -> dict[str, str]:
    return {
        "bid": str(bid_id),
        "environment": settings.ENVIRONMENT,
        "kind": "file",
        "question": str(question_id),
    }


# What a vendor owns beyond one bid: its library under a key per vendor, each file under its own

EVIDENCE, EVIDENCE_FILE = "evidence", "evidence file"


def vault_key(vendor_id: uuid.UUID) -> str:
    return f"vault-{vendor_id}"


def evidence_key(evidence_id: object) -> str:
    """Name the key of a file of the store: it goes with the file, and no backup is readable then."""
    return f"evidence-{evidence_id}"


def _shelf_key(vendor_id: uuid.UUID, kind: str, subject: object) -> str:
    own = kind in {EVIDENCE, EVIDENCE_FILE}
    return evidence_key(subject) if own else vault_key(vendor_id)


def shelve(content: object, *, vendor_id: uuid.UUID, kind: str, subject: object) -> bytes:
    """Encrypt plain data of a vendor's own store, bound to the vendor and to what it belongs to."""
    return shelve_bytes(canonical.encode(content), vendor_id=vendor_id, kind=kind, subject=subject)


def shelve_bytes(content: bytes, *, vendor_id: uuid.UUID, kind: str, subject: object) -> bytes:
    name = _shelf_key(vendor_id, kind, subject)
    keystore.create(name)
    return keystore.encrypt(name, content, _shelf(vendor_id, kind, subject))


def fetch(ciphertext: Stored, *, vendor_id: uuid.UUID, kind: str, subject: object) -> Any:
    """Undo `shelve`; a lost key or a changed row is a sentence, never a traceback."""
    raw = fetch_bytes(ciphertext, vendor_id=vendor_id, kind=kind, subject=subject)
    return canonical.decode(raw)


def fetch_bytes(ciphertext: Stored, *, vendor_id: uuid.UUID, kind: str, subject: object) -> bytes:
    context = _shelf(vendor_id, kind, subject)
    try:
        name = _shelf_key(vendor_id, kind, subject)
        return keystore.decrypt(name, bytes(ciphertext), context)
    except (FileNotFoundError, NotAuthentic):
        raise WrongState(
            _(
                "What you stored here cannot be read: its key or its content was changed. Tell the"
                " administrator."
            )
        ) from None


def fingerprint(vendor_id: uuid.UUID, text: str) -> str:
    """Name content so that a vendor's twin is found, and nobody else's: the name needs its key."""
    keystore.create(vault_key(vendor_id))
    return keystore.fingerprint(vault_key(vendor_id), text.encode())


def _shelf(vendor_id: uuid.UUID, kind: str, subject: object) -> dict[str, str]:
    return {"kind": kind, "subject": str(subject), "vendor": str(vendor_id)}


# Envelopes


def seal(package: object, *, public: PublicKey, context: Mapping[str, str]) -> bytes:
    """Seal one part of a submission to the key of its envelope: the service cannot open it."""
    return public.seal(canonical.encode(package), {**context, "environment": settings.ENVIRONMENT})


def unseal(ciphertext: Stored, *, key: PrivateKey, context: Mapping[str, str]) -> Any:
    """Undo `seal`; raises NotAuthentic for another round, bid, vendor, kind or version."""
    bound = {**context, "environment": settings.ENVIRONMENT}
    return canonical.decode(key.open(bytes(ciphertext), bound))


def keep_opened(package: object, *, round_id: uuid.UUID, context: Mapping[str, str]) -> bytes:
    """Encrypt an opened package under the round's evaluation key: readable for the panel alone."""
    return keep_for_panel(canonical.encode(package), round_id=round_id, context=context)


def read_opened(content: Stored, *, round_id: uuid.UUID, context: Mapping[str, str]) -> Any:
    return canonical.decode(read_for_panel(content, round_id=round_id, context=context))


def keep_for_panel(content: bytes, *, round_id: uuid.UUID, context: Mapping[str, str]) -> bytes:
    name = f"{keystore.EVALUATION}-{round_id}"
    keystore.create(name)
    return keystore.encrypt(name, content, {**context, "opened": "yes"})


def read_for_panel(content: Stored, *, round_id: uuid.UUID, context: Mapping[str, str]) -> bytes:
    name = f"{keystore.EVALUATION}-{round_id}"
    try:
        return keystore.decrypt(name, bytes(content), {**context, "opened": "yes"})
    except (FileNotFoundError, NotAuthentic):
        raise WrongState(
            _(
                "An opened bid cannot be read: its key or its content was changed. Tell the administrator."
            )
        ) from None


# Receipts


def receipt_key() -> keys.SigningKey:
    """Read the installation's receipt key; WrongState with a way out when it is not set up."""
    try:
        return signing.read_key()
    except KeyRefused:
        raise WrongState(
            _(
                "Your bid is received, but the service cannot sign a receipt now: its signing key is"
                " not set up. Tell the administrator, then come back to this page."
            )
        ) from None
