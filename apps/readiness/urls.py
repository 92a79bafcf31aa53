from django.urls import path

from apps.readiness.views import assessing

app_name = "readiness"
PLACE = "p/<uuid:procurement_id>/readiness/"
ONE = f"{PLACE}<uuid:assessment_id>/"
urlpatterns = [
    path(PLACE, assessing.show, name="assessment"),
    path(f"{PLACE}begin/", assessing.begin, name="begin"),
    path(f"{ONE}answer/", assessing.answer, name="answer"),
    path(f"{ONE}sign-off/", assessing.sign_off, name="sign_off"),
    path(f"{ONE}record.json", assessing.record, name="record"),
]
