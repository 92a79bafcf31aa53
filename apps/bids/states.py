from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class InvitationState(models.TextChoices):
    SENT = "sent", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Did not bid")


class BidState(models.TextChoices):
    DRAFT = "draft", _("Not submitted")
    SUBMITTED = "submitted", _("Submitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EnvelopeState(models.TextChoices):
    SEALED = "sealed", _("Sealed")
    OPENED = "opened", _("Opened")


class CeremonyState(models.TextChoices):
    GATHERING = "gathering", _("Keys are being turned")
    OPENED = "opened", _("Opened")
    ENDED = "ended", _("Ended without an opening")


class Offer(models.IntegerChoices):
    """Which price of a bid is meant: the one it was submitted with, or the one asked for later."""

    FIRST = 1, _("First offer")
    FINAL = 2, _("Final offer")


class OfferState(models.TextChoices):
    REQUESTED = "requested", _("Waits for a second person")
    RUNNING = "running", _("Vendors are asked")
    OPENED = "opened", _("Opened")
    DROPPED = "dropped", _("Not asked for")


class ShortlistState(models.TextChoices):
    REQUESTED = "requested", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Not confirmed")


class ResultOutcome(models.TextChoices):
    AWARDED = "awarded", _("Selected")
    BACKUP = "backup", _("Back-up")
    NOT_CHOSEN = "not_chosen", _("Not selected")
    EXCLUDED = "excluded", _("Excluded")
    NO_AWARD = "no_award", _("No award was made")


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    PRICED = "priced", _("Priced")


class ClarificationState(models.TextChoices):
    HELD = "held", _("Held back")
    WAITING = "waiting", _("Waits for an answer")
    ANSWERED = "answered", _("Answered to all")
    REFUSED = "refused", _("Not answered")


class AssumptionKind(models.TextChoices):
    ASSUMPTION = "assumption", _("Assumption")
    DEVIATION = "deviation", _("Change to the contract")


class EffectUnit(models.TextChoices):
    """What a price effect is measured in; money is in the currency of the RFP."""

    ONCE = "once", _("once")
    A_MONTH = "month", _("a month")
    A_YEAR = "year", _("a year")
    PER_FTE_MONTH = "fte_month", _("for one FTE a month")
    PER_HOUR = "hour", _("for one hour")
    PER_CONTACT = "contact", _("for one contact")
    PER_MINUTE = "minute", _("for one minute")
    PERCENT = "percent", _("% of the price")


class BroughtKind(models.TextChoices):
    TABLE = "table", _("Table")
    TEXT = "text", _("Text")
    PASSPORT = "passport", _("Answer passport")


class SignOffPart(models.TextChoices):
    QUALITY = "quality", _("Legal: the quality response")
    PRICE = "price", _("Pricing: the price response")


class StageKind(models.TextChoices):
    INFORMATION = "information", _("Request for information")
    SHORTLIST = "shortlist", _("Shortlist")
    DEMONSTRATION = "demonstration", _("Demonstration")
    VISIT = "visit", _("Site visit")
    REFERENCES = "references", _("Reference calls")


class StageState(models.TextChoices):
    OPEN = "open", _("Being scored")
    CLOSED = "closed", _("Closed")


BID = Workflow(
    name="bid",
    field="state",
    moves={
        "submit": ((BidState.DRAFT, BidState.WITHDRAWN), BidState.SUBMITTED),
        "withdraw": ((BidState.SUBMITTED,), BidState.WITHDRAWN),
        "reopen": ((BidState.SUBMITTED, BidState.WITHDRAWN), BidState.DRAFT),
    },
    sentences={
        "submit": _("This bid is submitted already. Reopen it to change and submit again."),
        "withdraw": _("There is no submitted bid to withdraw."),
        "reopen": _("This bid is open for changes already."),
    },
)
INVITATION = Workflow(
    name="invitation",
    field="state",
    moves={
        "accept": ((InvitationState.SENT, InvitationState.DECLINED), InvitationState.ACCEPTED),
        "decline": ((InvitationState.SENT, InvitationState.ACCEPTED), InvitationState.DECLINED),
    },
    sentences={
        "accept": _("This invitation has been accepted already."),
        "decline": _("This invitation has been declined already."),
    },
)
ENVELOPE = Workflow(
    name="envelope",
    field="state",
    moves={"open": ((EnvelopeState.SEALED,), EnvelopeState.OPENED)},
    sentences={"open": _("This envelope has been opened.")},
)
CEREMONY = Workflow(
    name="ceremony",
    field="state",
    moves={
        "open": ((CeremonyState.GATHERING,), CeremonyState.OPENED),
        "end": ((CeremonyState.GATHERING,), CeremonyState.ENDED),
    },
    sentences={
        "open": _("This ceremony is over. Turn the keys again."),
        "end": _("This ceremony is over."),
    },
)
OFFERS = Workflow(
    name="final_offers",
    field="state",
    moves={
        "confirm": ((OfferState.REQUESTED,), OfferState.RUNNING),
        "drop": ((OfferState.REQUESTED,), OfferState.DROPPED),
        "open": ((OfferState.RUNNING,), OfferState.OPENED),
    },
    sentences={
        "confirm": _("This request has been decided already."),
        "drop": _("This request has been decided already."),
        "open": _("There are no final offers to open."),
    },
)
SHORTLIST = Workflow(
    name="shortlist",
    field="state",
    moves={
        "confirm": ((ShortlistState.REQUESTED,), ShortlistState.CONFIRMED),
        "drop": ((ShortlistState.REQUESTED,), ShortlistState.DROPPED),
    },
    sentences={
        "confirm": _("This shortlist has been decided already."),
        "drop": _("This shortlist has been decided already."),
    },
)
CLARIFICATION = Workflow(
    name="clarification",
    field="state",
    moves={
        "release": ((ClarificationState.HELD,), ClarificationState.WAITING),
        "hold back": ((ClarificationState.WAITING,), ClarificationState.HELD),
        "answer": (
            (ClarificationState.WAITING, ClarificationState.HELD),
            ClarificationState.ANSWERED,
        ),
        "refuse": (
            (ClarificationState.WAITING, ClarificationState.HELD),
            ClarificationState.REFUSED,
        ),
    },
    sentences={
        "release": _("This question is not held back."),
        "hold back": _("Only a question that waits for an answer is held back."),
        "answer": _("This question has been decided already."),
        "refuse": _("This question has been decided already."),
    },
)
STAGE = Workflow(
    name="stage",
    field="state",
    moves={"close": ((StageState.OPEN,), StageState.CLOSED)},
    sentences={"close": _("This stage is closed; its scores stand.")},
)
