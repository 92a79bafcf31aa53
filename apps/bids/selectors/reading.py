"""How one opened envelope is read, by the panel and by the vendor whose it is."""

from typing import Any

from apps.bids import adapters
from apps.bids.models import Envelope
from apps.bids.types.places import envelope_context


def read_package(envelope: Envelope) -> dict[str, Any]:
    """Decrypt one opened envelope under its round's evaluation key."""
    package: dict[str, Any] = adapters.read_opened(
        envelope.opened or b"",
        round_id=envelope.submission.bid.round_id,
        context=envelope_context(envelope.submission, envelope.kind),
    )
    return package
