"""The RFP by API: the same services and the same refusals as the pages. Decimals are strings."""

from django.urls import path

from apps.rfp.api import (
    agreeing,
    amending,
    arranging,
    importing,
    intervals,
    library,
    lots,
    packing,
    publishing,
    sealing,
    writing,
)

CASE = "procurements/<uuid:procurement_id>/rfp"
REVIEW = f"{CASE}/reviews/<uuid:review_id>"
SECTION = f"{CASE}/sections/<uuid:section_id>"
ADDENDUM = f"{CASE}/addenda/<uuid:addendum_id>"
PACK = f"{CASE}/data-pack"
UPLOAD = f"{CASE}/imports/<uuid:upload_id>"
urlpatterns = [
    path(f"{CASE}/", writing.Whole.as_view(), name="api-rfp"),
    path(f"{CASE}/kept/", writing.Kept.as_view(), name="api-rfp-kept"),
    path(f"{CASE}/weights/", writing.Weights.as_view(), name="api-rfp-weights"),
    path(f"{CASE}/sections/", writing.Sections.as_view(), name="api-rfp-sections"),
    path(
        f"{CASE}/sections/<uuid:section_id>/questions/",
        writing.Questions.as_view(),
        name="api-rfp-questions",
    ),
    path(
        f"{CASE}/questions/<uuid:question_id>/",
        writing.OneQuestion.as_view(),
        name="api-rfp-question",
    ),
    path(f"{CASE}/lots/", lots.Lots.as_view(), name="api-rfp-lots"),
    path(f"{CASE}/lots/sections/", lots.Assigned.as_view(), name="api-rfp-lots-sections"),
    path(f"{CASE}/lots/limit/", lots.Limit.as_view(), name="api-rfp-lots-limit"),
    path(f"{CASE}/lots/<uuid:lot_id>/", lots.OneLot.as_view(), name="api-rfp-lot"),
    path(
        f"{CASE}/lots/<uuid:lot_id>/workload/",
        lots.WorkloadOf.as_view(),
        name="api-rfp-lot-workload",
    ),
    path(f"{CASE}/keys/", sealing.Keys.as_view(), name="api-rfp-keys"),
    path(f"{CASE}/keys/proof/", sealing.Proof.as_view(), name="api-rfp-keys-proof"),
    path(f"{CASE}/workload/", writing.WorkloadOf.as_view(), name="api-rfp-workload"),
    path(f"{CASE}/workload/intervals/", intervals.Intervals.as_view(), name="api-rfp-intervals"),
    path(f"{CASE}/preset/", writing.PresetOf.as_view(), name="api-rfp-preset"),
    path(f"{CASE}/deadline/", writing.Deadline.as_view(), name="api-rfp-deadline"),
    path(f"{CASE}/publication/", publishing.Publication.as_view(), name="api-rfp-publication"),
    path(f"{CASE}/findings/", publishing.Findings.as_view(), name="api-rfp-findings"),
    path(f"{CASE}/cancellation/", publishing.Cancellation.as_view(), name="api-rfp-cancellation"),
    path(f"{CASE}/workbook/", importing.WorkbookOf.as_view(), name="api-rfp-workbook"),
    path(f"{CASE}/questionnaire/", importing.FileOf.as_view(), name="api-rfp-questionnaire"),
    path(f"{CASE}/imports/", importing.Imports.as_view(), name="api-rfp-imports"),
    path(f"{UPLOAD}/", importing.OneImport.as_view(), name="api-rfp-import"),
    path(f"{UPLOAD}/layout/", importing.LayoutOf.as_view(), name="api-rfp-import-layout"),
    path(f"{CASE}/content/", publishing.Content.as_view(), name="api-rfp-content"),
    path(f"{CASE}/reviews/", agreeing.Reviews.as_view(), name="api-rfp-reviews"),
    path(f"{REVIEW}/comments/", agreeing.ReviewComments.as_view(), name="api-rfp-comments"),
    path(f"{REVIEW}/approval/", agreeing.Approval.as_view(), name="api-rfp-approval"),
    path(f"{REVIEW}/return/", agreeing.Return.as_view(), name="api-rfp-return"),
    path(f"{CASE}/extensions/", agreeing.Extensions.as_view(), name="api-rfp-extensions"),
    path(
        f"{CASE}/extensions/<uuid:extension_id>/",
        agreeing.OneExtension.as_view(),
        name="api-rfp-extension",
    ),
    path(f"{SECTION}/", arranging.OneSection.as_view(), name="api-rfp-section"),
    path(f"{SECTION}/move/", arranging.SectionMove.as_view(), name="api-rfp-section-move"),
    path(f"{SECTION}/bank/", library.Taken.as_view(), name="api-rfp-taken"),
    path(
        f"{CASE}/questions/<uuid:question_id>/place/",
        arranging.QuestionPlace.as_view(),
        name="api-rfp-place",
    ),
    path(f"{CASE}/balance/", arranging.Balance.as_view(), name="api-rfp-balance"),
    path(f"{CASE}/weights/share-out/", arranging.ShareOut.as_view(), name="api-rfp-share-out"),
    path(f"{CASE}/undo/", arranging.Undo.as_view(), name="api-rfp-undo"),
    path(f"{CASE}/sources/", library.Sources.as_view(), name="api-rfp-sources"),
    path(f"{CASE}/templates/", library.Templates.as_view(), name="api-rfp-templates"),
    path(
        f"{CASE}/templates/<uuid:template_id>/",
        library.OneTemplate.as_view(),
        name="api-rfp-template",
    ),
    path(f"{CASE}/bank/", library.Bank.as_view(), name="api-rfp-bank"),
    path(f"{CASE}/packs/", library.Packs.as_view(), name="api-rfp-packs"),
    path(f"{PACK}/", packing.PackFiles.as_view(), name="api-rfp-pack"),
    path(f"{PACK}/releases/", packing.PackReleases.as_view(), name="api-rfp-releases"),
    path(f"{PACK}/files/<uuid:file_id>/", packing.OnePackFile.as_view(), name="api-rfp-pack-file"),
    path(f"{CASE}/addenda/", amending.Addenda.as_view(), name="api-rfp-addenda"),
    path(f"{ADDENDUM}/", amending.OneAddendum.as_view(), name="api-rfp-addendum"),
    path(f"{ADDENDUM}/changes/", amending.AddendumChanges.as_view(), name="api-rfp-changes"),
    path(
        f"{ADDENDUM}/changes/<int:number>/",
        amending.OneChange.as_view(),
        name="api-rfp-change",
    ),
    path(
        f"{ADDENDUM}/publication/",
        amending.AddendumPublication.as_view(),
        name="api-rfp-addendum-publication",
    ),
    path(
        f"{CASE}/extensions/<uuid:extension_id>/confirmation/",
        agreeing.Confirmation.as_view(),
        name="api-rfp-confirmation",
    ),
]
