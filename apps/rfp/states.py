from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class RfpState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class EnvelopeKind(models.TextChoices):
    TECHNICAL = "technical", _("Technical")
    COMMERCIAL = "commercial", _("Commercial")


class EnvelopeOrder(models.TextChoices):
    TECHNICAL_FIRST = "technical_first", _("Quality first, price after the scores are locked")
    TOGETHER = "together", _("All together")


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
    FILE = "file", _("File")
    TABLE = "table", _("Table")
    MATRIX = "matrix", _("Matrix")
    PRICE_TABLE = "price_table", _("Price table")


class ScoringMode(models.TextChoices):
    MANUAL = "manual", _("Scored by evaluators")
    AUTO = "auto", _("Scored by rule")
    INFO = "info", _("Information, not scored")
    PRICE = "price", _("Price, not scored here")


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
