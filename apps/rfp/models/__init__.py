from apps.rfp.models.questionnaire import Question, Section
from apps.rfp.models.rfp import Rfp
from apps.rfp.models.round import Round
from apps.rfp.models.upload import Upload
from apps.rfp.models.workload import OwnCost, Workload

__all__ = ["OwnCost", "Question", "Rfp", "Round", "Section", "Upload", "Workload"]
