"""What an RFP asks vendors to agree to."""

from apps.rfp.models import Rfp, Undertaking
from apps.rfp.states import UndertakingKind


def undertakings_of(rfp: Rfp) -> tuple[Undertaking, ...]:
    """Return the undertakings in the order of their kinds: one query."""
    order = UndertakingKind.values
    held = Undertaking.objects.filter(rfp=rfp)
    return tuple(sorted(held, key=lambda one: order.index(one.kind)))
