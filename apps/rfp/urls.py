"""The buyer's pages of the RFP."""

from django.urls import path

from apps.rfp.views import authoring, importing, publishing, questions, sections, terms

CASE = "p/<uuid:procurement_id>"
SECTION = f"{CASE}/rfp/sections/<uuid:section_id>"
UPLOAD = f"{CASE}/rfp/import/<uuid:upload_id>"
QUESTION = f"{CASE}/rfp/questions/<uuid:question_id>"

app_name = "rfp"
urlpatterns = [
    path(f"{CASE}/rfp/start/", authoring.start, name="start"),
    path(f"{CASE}/rfp/start/file/", importing.start_file, name="start-file"),
    path(f"{CASE}/rfp/", authoring.builder, name="builder"),
    path(f"{CASE}/rfp/weights/", authoring.weights, name="weights"),
    path(f"{CASE}/rfp/share-out/", authoring.share_out, name="share-out"),
    path(f"{CASE}/rfp/questions/", authoring.choose, name="choose"),
    path(f"{CASE}/rfp/questions/move/", sections.arrange, name="arrange"),
    path(f"{QUESTION}/", questions.edit, name="question"),
    path(f"{QUESTION}/remove/", questions.remove, name="remove-question"),
    path(f"{CASE}/rfp/sections/", sections.add, name="add-section"),
    path(f"{SECTION}/", sections.edit, name="section"),
    path(f"{SECTION}/move/", sections.move, name="move-section"),
    path(f"{SECTION}/remove/", sections.remove, name="remove-section"),
    path(f"{SECTION}/questions/", questions.add, name="add-question"),
    path(f"{CASE}/rfp/workbook.xlsx", importing.workbook, name="workbook"),
    path(f"{CASE}/rfp/questionnaire.json", importing.questionnaire_file, name="questionnaire-file"),
    path(f"{CASE}/rfp/import/", importing.bring, name="import"),
    path(f"{UPLOAD}/", importing.preview, name="import-preview"),
    path(f"{UPLOAD}/layout/", importing.layout, name="import-layout"),
    path(f"{UPLOAD}/give-up/", importing.give_up, name="give-up-import"),
    path(f"{CASE}/rfp/terms/", terms.terms, name="terms"),
    path(f"{CASE}/rfp/workload/", terms.workload, name="workload"),
    path(f"{CASE}/rfp/preview/", publishing.preview, name="preview"),
    path(f"{CASE}/publish/", publishing.publish, name="publish"),
    path(f"{CASE}/publish/deadline/", publishing.set_deadline, name="deadline"),
    path(f"{CASE}/publish/accept/", publishing.accept, name="accept"),
    path(f"{CASE}/publish/extend/", publishing.extend, name="extend"),
    path(f"{CASE}/publish/cancel/", publishing.cancel, name="cancel"),
    path(f"{CASE}/publish/content.json", publishing.content, name="content"),
]
