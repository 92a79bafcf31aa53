from django.urls import path

from apps.readiness.views import assessing

app_name = "readiness"
urlpatterns = [
    path("p/<uuid:procurement_id>/readiness/", assessing.show, name="assessment"),
    path("p/<uuid:procurement_id>/readiness/begin/", assessing.begin, name="begin"),
    path(
        "p/<uuid:procurement_id>/readiness/<uuid:assessment_id>/answer/",
        assessing.answer,
        name="answer",
    ),
    path(
        "p/<uuid:procurement_id>/readiness/<uuid:assessment_id>/sign-off/",
        assessing.sign_off,
        name="sign_off",
    ),
]
