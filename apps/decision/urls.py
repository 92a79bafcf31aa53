from django.urls import path

from apps.decision import views

app_name = "decision"
urlpatterns = [
    path("p/<uuid:procurement_id>/decision/", views.walk, name="walk"),
    path("p/<uuid:procurement_id>/decision/state/", views.state, name="state"),
    path("p/<uuid:procurement_id>/decision/propose/", views.propose, name="propose"),
    path(
        "p/<uuid:procurement_id>/decision/<uuid:decision_id>/approve/",
        views.approve,
        name="approve",
    ),
    path(
        "p/<uuid:procurement_id>/decision/<uuid:decision_id>/send-back/",
        views.send_back,
        name="send_back",
    ),
]
