from apps.rfp.models.addendum import Addendum, Version
from apps.rfp.models.extension import Extension
from apps.rfp.models.library import Change, ChangedRow, Template
from apps.rfp.models.lot import DecidedLot, Lot, LotOwnCost
from apps.rfp.models.pack import PackFile, PackVersion
from apps.rfp.models.questionnaire import Question, Section
from apps.rfp.models.review import Review, ReviewComment
from apps.rfp.models.rfp import Rfp
from apps.rfp.models.round import Round
from apps.rfp.models.sealing import EnvelopeKey, KeyWrap, OpenerKey, Rehearsal
from apps.rfp.models.undertaking import Undertaking
from apps.rfp.models.upload import Upload
from apps.rfp.models.workload import OwnCost, Workload

__all__ = [
    "Addendum",
    "Change",
    "ChangedRow",
    "DecidedLot",
    "EnvelopeKey",
    "Extension",
    "KeyWrap",
    "Lot",
    "LotOwnCost",
    "OpenerKey",
    "OwnCost",
    "PackFile",
    "PackVersion",
    "Question",
    "Rehearsal",
    "Review",
    "ReviewComment",
    "Rfp",
    "Round",
    "Section",
    "Template",
    "Undertaking",
    "Upload",
    "Version",
    "Workload",
]
