from apps.readiness.models.assessment import Assessment, AssessmentAnswer

__all__ = ["Assessment", "AssessmentAnswer"]
