"""The buyer's pages of the RFP."""

from django.urls import path

from apps.rfp.views import authoring, balancing, library, publishing, questions, sections, terms

CASE = "p/<uuid:procurement_id>"
SECTION = f"{CASE}/rfp/sections/<uuid:section_id>"
TEMPLATE = f"{CASE}/rfp/templates/<uuid:template_id>"
QUESTION = f"{CASE}/rfp/questions/<uuid:question_id>"

app_name = "rfp"
urlpatterns = [
    path(f"{CASE}/rfp/start/", authoring.start, name="start"),
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
    path(f"{CASE}/rfp/balance/", balancing.balance, name="balance"),
    path(f"{CASE}/rfp/undo/", balancing.undo, name="undo"),
    path(f"{CASE}/rfp/preset/", balancing.preset, name="preset"),
    path(f"{CASE}/rfp/bank/", library.bank, name="bank"),
    path(f"{CASE}/rfp/packs/", library.add_pack, name="add-pack"),
    path(f"{CASE}/rfp/templates/", library.templates, name="templates"),
    path(f"{CASE}/rfp/templates/save/", library.save_template, name="save-template"),
    path(f"{TEMPLATE}/", library.rename_template, name="rename-template"),
    path(f"{TEMPLATE}/delete/", library.delete_template, name="delete-template"),
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
