from apps.rfp.models.library import Change, ChangedRow, Template
from apps.rfp.models.questionnaire import Question, Section
from apps.rfp.models.rfp import Rfp
from apps.rfp.models.round import Round
from apps.rfp.models.workload import OwnCost, Workload

__all__ = [
    "Change",
    "ChangedRow",
    "OwnCost",
    "Question",
    "Rfp",
    "Round",
    "Section",
    "Template",
    "Workload",
]
