from django.db import models
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
        "choose shortlist": _("The shortlist comes after the scores are locked."),
        "close": _("Finish the evaluation, or cancel the RFP, before closing."),
    },
)
