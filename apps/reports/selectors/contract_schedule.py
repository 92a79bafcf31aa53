"""The contract schedule: what the contract obliges to, printed from what was frozen with it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.errors import WrongState
from apps.core.templatetags.formats import long_date
from apps.decision import selectors as decisions
from apps.decision.models import Schedule
from apps.decision.selectors.schedule import content_of, frozen_schedule, groups_of
from apps.reports.selectors.paper import Issue, Payload, ReportType, head
from apps.reports.selectors.records import AttachedRecord
from apps.rfp.models import Lot
from apps.workspace.models import Procurement, User


def require(user: User, procurement: Procurement, lot: Lot | None = None) -> Schedule:
    """Return the frozen schedule; WrongState, with what to do, before there is one."""
    decision = decisions.latest_decision(user, procurement, lot)
    found = frozen_schedule(decision) if decision else None
    if found is None:
        raise WrongState(_("Record the contract first: its schedule is frozen with it."))
    return found


def payload(issue: Issue) -> Payload:
    """Freeze what the paper prints; every word of a row is the schedule's own."""
    frozen = require(issue.user, issue.procurement, issue.lot)
    held = content_of(frozen)
    rows = held["rows"]
    return {
        **head(issue, _("Contract schedule")),
        "finding": _("What {vendor} owes under the contract").format(vendor=held["vendor"]["name"]),
        "lede": {
            "before": _("The contract was signed on"),
            "key": long_date(dt.date.fromisoformat(held["signed_on"])),
            "after": ngettext(
                ". Its schedule has {count} row, frozen on the day it was recorded.",
                ". Its schedule has {count} rows, frozen on the day it was recorded.",
                len(rows),
            ).format(count=len(rows)),
        },
        "facts": [],
        "groups": [
            {
                "title": str(group.kind.label),
                "rows": [
                    {
                        "number": str(row.number),
                        "name": row.name,
                        "wording": row.wording,
                        "source": row.source,
                        "value": row.value,
                        "due": row.due,
                        "reports": row.reports,
                        "default": row.default,
                    }
                    for row in group.rows
                ],
            }
            for group in groups_of(held)
        ],
        "schedule": dict(held),
        "schedule_digest": frozen.digest,
        "award_digest": held["award"],
        "rfp_digest": held["rfp"]["digest"],
        "records": [],
    }


def charts(_content: Payload, _attached: Sequence[AttachedRecord]) -> Mapping[str, Any]:
    """A schedule draws nothing."""
    return {}


CONTRACT_SCHEDULE = ReportType(
    slug="contract_schedule",
    name=gettext_lazy("Contract schedule"),
    about=gettext_lazy("Commitments, service levels, key figures and the transition, row by row."),
    template="print/contract_schedule.html",
    require=require,
    payload=payload,
    charts=charts,
)
