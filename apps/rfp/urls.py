"""The buyer's pages of the RFP."""

from django.urls import path

from apps.rfp.views import (
    amending,
    authoring,
    balancing,
    extending,
    importing,
    library,
    lots,
    packing,
    publishing,
    questions,
    reviewing,
    sections,
    terms,
    undertakings,
)

CASE = "p/<uuid:procurement_id>"
SECTION = f"{CASE}/rfp/sections/<uuid:section_id>"
TEMPLATE = f"{CASE}/rfp/templates/<uuid:template_id>"
UPLOAD = f"{CASE}/rfp/import/<uuid:upload_id>"
QUESTION = f"{CASE}/rfp/questions/<uuid:question_id>"
REVIEW = f"{CASE}/rfp/review/<uuid:review_id>"
LOT = f"{CASE}/rfp/lots/<uuid:lot_id>"
EXTENSION = f"{CASE}/publish/extension/<uuid:extension_id>"
ADDENDUM = f"{CASE}/addenda/<uuid:addendum_id>"

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
    path(f"{CASE}/rfp/lots/", lots.lots, name="lots"),
    path(f"{CASE}/rfp/lots/add/", lots.add, name="add-lot"),
    path(f"{CASE}/rfp/lots/sections/", lots.assign, name="assign-lots"),
    path(f"{CASE}/rfp/lots/limit/", lots.limit, name="limit-lots"),
    path(f"{LOT}/", lots.edit, name="edit-lot"),
    path(f"{LOT}/remove/", lots.remove, name="remove-lot"),
    path(f"{CASE}/rfp/balance/", balancing.balance, name="balance"),
    path(f"{CASE}/rfp/undo/", balancing.undo, name="undo"),
    path(f"{CASE}/rfp/preset/", balancing.preset, name="preset"),
    path(f"{CASE}/rfp/bank/", library.bank, name="bank"),
    path(f"{CASE}/rfp/packs/", library.add_pack, name="add-pack"),
    path(f"{CASE}/rfp/templates/", library.templates, name="templates"),
    path(f"{CASE}/rfp/templates/save/", library.save_template, name="save-template"),
    path(f"{TEMPLATE}/", library.rename_template, name="rename-template"),
    path(f"{TEMPLATE}/delete/", library.delete_template, name="delete-template"),
    path(f"{CASE}/rfp/workbook.xlsx", importing.workbook, name="workbook"),
    path(f"{CASE}/rfp/questionnaire.json", importing.questionnaire_file, name="questionnaire-file"),
    path(f"{CASE}/rfp/import/", importing.bring, name="import"),
    path(f"{UPLOAD}/", importing.preview, name="import-preview"),
    path(f"{UPLOAD}/layout/", importing.layout, name="import-layout"),
    path(f"{UPLOAD}/give-up/", importing.give_up, name="give-up-import"),
    path(f"{CASE}/rfp/terms/", terms.terms, name="terms"),
    path(f"{CASE}/rfp/workload/", terms.workload, name="workload"),
    path(f"{CASE}/rfp/preview/", publishing.preview, name="preview"),
    path(f"{CASE}/rfp/review/", reviewing.review, name="review"),
    path(f"{CASE}/rfp/review/send/", reviewing.ask, name="ask-review"),
    path(f"{CASE}/rfp/review/rule/", reviewing.rule, name="review-rule"),
    path(f"{REVIEW}/comment/", reviewing.comment, name="comment-review"),
    path(f"{REVIEW}/approve/", reviewing.approve, name="approve-review"),
    path(f"{REVIEW}/return/", reviewing.send_back, name="return-review"),
    path(f"{CASE}/publish/", publishing.publish, name="publish"),
    path(f"{CASE}/publish/deadline/", publishing.set_deadline, name="deadline"),
    path(f"{CASE}/publish/accept/", publishing.accept, name="accept"),
    path(f"{CASE}/publish/extend/", extending.ask, name="extend"),
    path(f"{EXTENSION}/confirm/", extending.confirm, name="confirm-extension"),
    path(f"{EXTENSION}/drop/", extending.drop, name="drop-extension"),
    path(f"{CASE}/publish/cancel/", publishing.cancel, name="cancel"),
    path(f"{CASE}/publish/content.json", publishing.content, name="content"),
    path(f"{CASE}/undertakings/", undertakings.undertakings, name="undertakings"),
    path(f"{CASE}/data/", packing.pack, name="pack"),
    path(f"{CASE}/data/add/", packing.add, name="add-pack-file"),
    path(f"{CASE}/data/release/", packing.release, name="release-pack"),
    path(f"{CASE}/data/<uuid:file_id>/", packing.file, name="pack-file"),
    path(f"{CASE}/data/<uuid:file_id>/drop/", packing.drop, name="drop-pack-file"),
    path(f"{CASE}/addenda/", amending.addenda, name="addenda"),
    path(f"{CASE}/addenda/start/", amending.start, name="start-addendum"),
    path(f"{ADDENDUM}/", amending.addendum, name="addendum"),
    path(f"{ADDENDUM}/introduction/", amending.introduction, name="amend-introduction"),
    path(f"{ADDENDUM}/facts/", amending.facts, name="amend-facts"),
    path(f"{ADDENDUM}/question/", amending.question, name="amend-question"),
    path(f"{ADDENDUM}/withdraw/", amending.withdraw, name="amend-withdraw"),
    path(f"{ADDENDUM}/add/", amending.add, name="amend-add"),
    path(f"{ADDENDUM}/undo/", amending.undo, name="amend-undo"),
    path(f"{ADDENDUM}/publish/", amending.publish, name="publish-addendum"),
    path(f"{ADDENDUM}/discard/", amending.discard, name="discard-addendum"),
]
