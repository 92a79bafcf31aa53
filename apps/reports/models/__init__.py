from apps.reports.models.receipt_paper import ReceiptPaper
from apps.reports.models.report import Report, SigningCertificate

__all__ = ["ReceiptPaper", "Report", "SigningCertificate"]
