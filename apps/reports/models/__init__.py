from apps.reports.models.letter_paper import LetterPaper
from apps.reports.models.receipt_paper import ReceiptPaper
from apps.reports.models.report import Report, SigningCertificate
from apps.reports.models.signed_paper import SignedPaper

__all__ = ["LetterPaper", "ReceiptPaper", "Report", "SignedPaper", "SigningCertificate"]
