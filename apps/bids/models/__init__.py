from apps.bids.models.acknowledgement import Acknowledgement, Confirmation
from apps.bids.models.answer import Answer, AnswerVersion, Attachment
from apps.bids.models.assumption import Assumption, Confidential
from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.models.ceremony import Ceremony, Turn
from apps.bids.models.chosen_lot import ChosenLot
from apps.bids.models.clarification import (
    AnswersRead,
    Clarification,
    PublishedAnswer,
    VendorQuestion,
)
from apps.bids.models.envelope import Envelope, Submission, WithdrawnOffer
from apps.bids.models.evaluated_price import EvaluatedPrice
from apps.bids.models.evidence import Evidence, EvidenceUpload
from apps.bids.models.group import GroupMember, GroupRelease, GroupSection, PanelGroup
from apps.bids.models.invitation import Invitation
from apps.bids.models.kept_key import KeptKey
from apps.bids.models.library import LibraryEntry, LibraryImport, PinnedKey
from apps.bids.models.name_list import NameList
from apps.bids.models.offers import OfferExtension, OfferRequest, OfferRound
from apps.bids.models.panel_question import (
    PanelQuestion,
    SentQuestion,
    ShelvedQuestion,
    VendorExplanation,
)
from apps.bids.models.price_sheet import PriceSheet
from apps.bids.models.result import Result, ResultPrice
from apps.bids.models.ruling import Ruling
from apps.bids.models.shortlist import Shortlist, ShortlistEntry
from apps.bids.models.stage import Stage, StageAgreement, StageGuest, StageScore
from apps.bids.models.team import (
    Comment,
    Delegation,
    PriceReader,
    SectionVisit,
    SignOff,
    SignOffDuty,
)
from apps.bids.models.undertaking import Agreement

__all__ = [
    "Acknowledgement",
    "Agreement",
    "Answer",
    "AnswerVersion",
    "AnswersRead",
    "Assumption",
    "Attachment",
    "Bid",
    "Ceremony",
    "ChosenLot",
    "Clarification",
    "Comment",
    "Confidential",
    "Confirmation",
    "Delegation",
    "Envelope",
    "EvaluatedPrice",
    "Evidence",
    "EvidenceUpload",
    "GroupMember",
    "GroupRelease",
    "GroupSection",
    "Invitation",
    "KeptKey",
    "LibraryEntry",
    "LibraryImport",
    "NameList",
    "OfferExtension",
    "OfferRequest",
    "OfferRound",
    "PanelGroup",
    "PanelQuestion",
    "PinnedKey",
    "PriceReader",
    "PriceSheet",
    "PublishedAnswer",
    "Result",
    "ResultPrice",
    "Ruling",
    "SectionVisit",
    "SentQuestion",
    "SharedBidRow",
    "ShelvedQuestion",
    "Shortlist",
    "ShortlistEntry",
    "SignOff",
    "SignOffDuty",
    "Stage",
    "StageAgreement",
    "StageGuest",
    "StageScore",
    "Submission",
    "Turn",
    "VendorExplanation",
    "VendorQuestion",
    "WithdrawnOffer",
]
