from apps.bids.models.acknowledgement import Acknowledgement, Confirmation
from apps.bids.models.answer import Answer, AnswerVersion, Attachment
from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.models.clarification import (
    AnswersRead,
    Clarification,
    PublishedAnswer,
    VendorQuestion,
)
from apps.bids.models.envelope import Envelope, Submission
from apps.bids.models.evaluated_price import EvaluatedPrice
from apps.bids.models.invitation import Invitation
from apps.bids.models.offers import OfferRequest, OfferRound
from apps.bids.models.price_sheet import PriceSheet
from apps.bids.models.stage import Stage, StageAgreement, StageGuest, StageScore

__all__ = [
    "Acknowledgement",
    "Answer",
    "AnswerVersion",
    "AnswersRead",
    "Attachment",
    "Bid",
    "Clarification",
    "Confirmation",
    "Envelope",
    "EvaluatedPrice",
    "Invitation",
    "OfferRequest",
    "OfferRound",
    "PriceSheet",
    "PublishedAnswer",
    "SharedBidRow",
    "Stage",
    "StageAgreement",
    "StageGuest",
    "StageScore",
    "Submission",
    "VendorQuestion",
]
