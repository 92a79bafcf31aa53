"""The buyer's library of reports, a vendor's receipts and letters on paper, and the public pages of verification."""

from django.urls import path

from apps.reports.views import letters, library, receipts, verification

CASE = "p/<uuid:procurement_id>/reports"
REPORT = f"{CASE}/<uuid:report_id>"

app_name = "reports"
urlpatterns = [
    path(f"{CASE}/", library.library, name="library"),
    path(f"{CASE}/progress/", library.progress, name="progress"),
    path(f"{CASE}/request/", library.request_report, name="request"),
    path(f"{REPORT}/retry/", library.retry, name="retry"),
    path(f"{REPORT}/file/", library.file, name="file"),
    path(
        "bids/<uuid:bid_id>/receipts/<uuid:submission_id>.pdf",
        receipts.receipt_paper,
        name="receipt_paper",
    ),
    path(
        "bids/<uuid:bid_id>/letters/<uuid:result_id>.pdf", letters.letter_paper, name="letter_paper"
    ),
    path("verify/", verification.verify, name="verify"),
    path("verify/certificates/<str:fingerprint>.pem", verification.certificate, name="certificate"),
    path("verify/receipts.pem", verification.receipt_key, name="receipt_key"),
    path("verify/<str:reference>/", verification.verify_reference, name="verify_reference"),
]
