"""Today's in-house cost beside the workload: given, changed or taken away while the RFP is a draft."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import WrongState
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors.reading import workload_of
from apps.rfp.services.asking import set_workload
from apps.rfp.services.drafting import open_draft
from apps.workspace.models import User


@transaction.atomic
def set_own_cost(
    *, rfp: Rfp, quote: Mapping[str, Any] | None, actor: User, lot: Lot | None = None
) -> None:
    """Keep today's cost as a quote of the price case, priced on the same workload; None removes it.

    Vendors never read it. WrongState before there is a workload to price it on.
    """
    open_draft(rfp, actor)
    rfp.refresh_from_db()
    held = workload_of(rfp, lot)
    if held is None:
        raise WrongState(_("Set the workload first: today's cost is worked out on it."))
    set_workload(
        rfp=rfp, actor=actor, content=held.content, in_house=quote, source=held.source, lot=lot
    )
