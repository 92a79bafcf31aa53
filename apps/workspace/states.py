from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class Side(models.TextChoices):
    BUYER = "buyer", _("Buyer")
    VENDOR = "vendor", _("Vendor")


class MemberRole(models.TextChoices):
    """What a person is in an organisation; what they are in a procurement says the panel."""

    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    RESPONDENT = "respondent", _("Respondent")


class Role(models.TextChoices):
    """Roles on a panel."""

    LEAD = "lead", _("Procurement lead")
    EVALUATOR = "evaluator", _("Evaluator")
    MODERATOR = "moderator", _("Moderator")
    OPENER = "opener", _("Opener")
    APPROVER = "approver", _("Approver")
    EXECUTIVE = "executive", _("Executive")
    AUDITOR = "auditor", _("Auditor")


Pair = frozenset[Role]


def pair(one: Role, other: Role) -> Pair:
    return frozenset((one, other))


_AUDIT: Final = _("An auditor would examine their own work.")
# Roles that should not meet in one person, and why. Which of them are refused, a preset says.
WHY_APART: Mapping[Pair, Promise] = MappingProxyType(
    {
        pair(Role.LEAD, Role.APPROVER): _("Who proposes the decision would approve it."),
        pair(Role.EVALUATOR, Role.APPROVER): _("Who scores would approve what the scores decide."),
        pair(Role.LEAD, Role.OPENER): _("Who runs the tender would hold a key to its bids."),
        pair(Role.EVALUATOR, Role.OPENER): _("Who scores would hold a key to the prices."),
        pair(Role.MODERATOR, Role.APPROVER): _(
            "Who records the consensus would approve what it decides."
        ),
        **{
            pair(Role.AUDITOR, other): _AUDIT
            for other in (*(Role.LEAD, Role.EVALUATOR, Role.MODERATOR, Role.OPENER, Role.APPROVER),)
        },
    }
)


def pairs_in(roles: Collection[Role]) -> Iterator[Pair]:
    """Yield the pairs of `WHY_APART` that meet in somebody who holds these roles, in a fixed order."""
    held = set(roles)
    return (one for one in WHY_APART if one <= held)


def pair_name(one: Pair) -> str:
    """Return how a pair is stored: both roles in alphabetical order, with a plus between them."""
    return "+".join(sorted(one))


def read_pair(name: str) -> Pair:
    """Return the pair of a stored name."""
    return frozenset(Role(role) for role in name.split("+"))


class Phase(models.TextChoices):
    PREPARING = "preparing", _("Preparing")
    TENDERING = "tendering", _("Tendering")
    TECHNICAL = "technical", _("Evaluating quality")
    COMMERCIAL = "commercial", _("Evaluating price")
    SHORTLIST = "shortlist", _("Choosing the shortlist")
    DECIDED = "decided", _("Decided")
    CLOSED = "closed", _("Closed")


class Interest(models.TextChoices):
    """What a panel member has declared about conflicts of interest."""

    UNDECLARED = "undeclared", _("Not yet declared")
    NONE = "none", _("No conflict")
    CONFLICT = "conflict", _("Conflict declared")


PROCUREMENT = Workflow(
    name="procurement",
    field="phase",
    moves={
        "tender": ((Phase.PREPARING,), Phase.TENDERING),
        "evaluate quality": ((Phase.TENDERING,), Phase.TECHNICAL),
        "evaluate price": ((Phase.TECHNICAL,), Phase.COMMERCIAL),
        "decide": ((Phase.COMMERCIAL,), Phase.DECIDED),
        # Locked scores are agreed anew: what comes after a lock is shut until the next one.
        "evaluate quality again": ((Phase.COMMERCIAL, Phase.SHORTLIST), Phase.TECHNICAL),
        # A request for information: no price is ever compared in it.
        "choose shortlist": ((Phase.TECHNICAL,), Phase.SHORTLIST),
        "close": (
            (Phase.PREPARING, Phase.TENDERING, Phase.DECIDED, Phase.SHORTLIST),
            Phase.CLOSED,
        ),
    },
    sentences={
        "tender": _("This procurement is already out to tender."),
        "evaluate quality": _("Quality is evaluated once the bids have been opened."),
        "evaluate price": _("Prices come after the quality scores are locked."),
        "decide": _("A decision needs locked scores and an adopted price comparison."),
        "evaluate quality again": _(
            "Only locked scores are re-opened, and only before a decision."
        ),
        "choose shortlist": _("The shortlist comes after the scores are locked."),
        "close": _("Finish the evaluation, or cancel the RFP, before closing."),
    },
)
