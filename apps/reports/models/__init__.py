from apps.reports.models.report import Report, SigningCertificate

__all__ = ["Report", "SigningCertificate"]
