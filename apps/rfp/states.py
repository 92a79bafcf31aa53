from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class RfpState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class RfpKind(models.TextChoices):
    """What a procurement sends out: a tender, or a request for information before one."""

    TENDER = "tender", _("Request for proposals")
    INFORMATION = "information", _("Request for information")


class ShortlistRule(models.TextChoices):
    """Who is taken from a request for information; published before anybody answers it."""

    BEST = "best", _("The best ones, by their quality points")
    MINIMUM = "minimum", _("Everybody at or above a minimum score")
    ADMITTED = "admitted", _("Everybody who meets the knock-outs")


class ReviewState(models.TextChoices):
    REQUESTED = "requested", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Taken back")


class ExtensionState(models.TextChoices):
    REQUESTED = "requested", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Not confirmed")


class AddendumState(models.TextChoices):
    DRAFT = "draft", _("In preparation")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


class Consequence(models.TextChoices):
    """What an addendum means for a bid that has been submitted. Nothing drops a bid by itself."""

    STANDS = "stands", _("A submitted bid stands")
    CONFIRM = "confirm", _("A submitted bid has to be confirmed")
    RESUBMIT = "resubmit", _("A submitted bid has to be submitted again")


class UndertakingKind(models.TextChoices):
    """What vendors may be asked to agree to. The data pack waits for the non-disclosure agreement."""

    INTENT = "intent", _("Intent to bid")
    NDA = "nda", _("Non-disclosure agreement")
    CONDUCT = "conduct", _("Code of conduct")


class EnvelopeKind(models.TextChoices):
    TECHNICAL = "technical", _("Technical")
    COMMERCIAL = "commercial", _("Commercial")


class KeyKind(models.TextChoices):
    """What has a key of its own. Where all is opened together, the first key opens both."""

    TECHNICAL = "technical", _("Quality")
    COMMERCIAL = "commercial", _("Price")
    FINAL = "final", _("Final offers")


class EnvelopeOrder(models.TextChoices):
    TECHNICAL_FIRST = "technical_first", _("Quality first, price after the scores are locked")
    TOGETHER = "together", _("All together")


class FinalOffers(models.TextChoices):
    """Whether best and final offers may be requested after the prices are opened."""

    NO = "no", _("No: the first offer is the only one")
    ONCE = "once", _("Once: the buyer may ask for one best and final offer, of the price alone")


class AnswerKind(models.TextChoices):
    TEXT_SHORT = "text_short", _("Short text")
    TEXT_LONG = "text_long", _("Long text")
    YES_NO = "yes_no", _("Yes or no")
    SINGLE_CHOICE = "single_choice", _("One of several")
    MULTI_CHOICE = "multi_choice", _("Any of several")
    NUMBER = "number", _("Number")
    PERCENT = "percent", _("Percentage")
    CURRENCY = "currency", _("Amount of money")
    DATE = "date", _("Date")
    DATE_RANGE = "date_range", _("Dates from and to")
    FILE = "file", _("File")
    TABLE = "table", _("Table")
    MATRIX = "matrix", _("Matrix")
    PRICE_TABLE = "price_table", _("Price table")
    GROUP = "group", _("Repeating group")


class EvidenceClass(models.TextChoices):
    """What a file proves, so that certificates can be compared and their expiry watched."""

    SOC2_TYPE2 = "soc2_type2", _("SOC 2 Type II")
    ISO_27001 = "iso_27001", _("ISO/IEC 27001")
    PCI_DSS = "pci_dss", _("PCI DSS")
    HIPAA = "hipaa", _("HIPAA")
    INSURANCE = "insurance", _("Insurance")
    POLICY = "policy", _("Policy")
    REFERENCE = "reference", _("Reference")
    METRIC_EXPORT = "metric_export", _("Export of figures")
    OTHER = "other", _("Other evidence")


class HiddenCounts(models.TextChoices):
    """What a scored question counts for a bid whose own answers hide it."""

    LEAVES = (
        "leaves",
        _("It does not count for that vendor: the rest of its section counts in its place"),
    )
    UNANSWERED = "unanswered", _("As an answer that is missing")


class ScoringMode(models.TextChoices):
    MANUAL = "manual", _("Scored by evaluators")
    AUTO = "auto", _("Scored by rule")
    INFO = "info", _("Information, not scored")
    PRICE = "price", _("Price, not scored here")
    DEMONSTRATION = "demo", _("Scored at a demonstration")
    VISIT = "visit", _("Scored at a site visit")
    REFERENCES = "refcalls", _("Scored in reference calls")


# Scored after the written answers, with the vendor present: no vendor answers such a question.
IN_STAGES = frozenset({ScoringMode.DEMONSTRATION, ScoringMode.VISIT, ScoringMode.REFERENCES})
SCORED = frozenset({ScoringMode.MANUAL, ScoringMode.AUTO, *IN_STAGES})


class Preset(models.TextChoices):
    """How much ceremony a tender carries; a later one asks for more than an earlier one."""

    ESSENTIAL = "essential", _("Essential")
    ASSURED = "assured", _("Assured")
    PUBLIC = "public", _("Public")


class Procedure(models.TextChoices):
    """Procedures of Directive 2014/24/EU that a public tender may follow."""

    OPEN = "open", _("Open procedure")
    RESTRICTED = "restricted", _("Restricted procedure")
    NEGOTIATED = "negotiated", _("Competitive procedure with negotiation")


RFP = Workflow(
    name="rfp",
    field="state",
    moves={
        "publish": ((RfpState.DRAFT,), RfpState.PUBLISHED),
        "close": ((RfpState.PUBLISHED,), RfpState.CLOSED),
        "cancel": ((RfpState.DRAFT, RfpState.PUBLISHED), RfpState.CANCELLED),
    },
    sentences={
        "publish": _("This RFP has been published. Its content is frozen."),
        "close": _("Only a published RFP can be closed."),
        "cancel": _("Bids have been opened; a closed RFP is not cancelled but decided."),
    },
)
REVIEW = Workflow(
    name="review",
    field="state",
    moves={
        "approve": ((ReviewState.REQUESTED,), ReviewState.APPROVED),
        "return": ((ReviewState.REQUESTED,), ReviewState.RETURNED),
        "take back": ((ReviewState.REQUESTED,), ReviewState.WITHDRAWN),
    },
    sentences={
        "approve": _("This review has been decided already."),
        "return": _("This review has been decided already."),
        "take back": _("This review has been decided already."),
    },
)
EXTENSION = Workflow(
    name="extension",
    field="state",
    moves={
        "confirm": ((ExtensionState.REQUESTED,), ExtensionState.CONFIRMED),
        "drop": ((ExtensionState.REQUESTED,), ExtensionState.DROPPED),
    },
    sentences={
        "confirm": _("This extension has been decided already."),
        "drop": _("This extension has been decided already."),
    },
)
ADDENDUM = Workflow(
    name="addendum",
    field="state",
    moves={
        "publish": ((AddendumState.DRAFT,), AddendumState.PUBLISHED),
        "discard": ((AddendumState.DRAFT,), AddendumState.DISCARDED),
    },
    sentences={
        "publish": _("This addendum has been published or discarded already."),
        "discard": _("This addendum has been published or discarded already."),
    },
)
