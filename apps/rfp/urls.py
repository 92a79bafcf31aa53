"""The buyer's pages of the RFP."""

from django.urls import path

from apps.rfp.views import publishing

app_name = "rfp"
urlpatterns = [
    path("p/<uuid:procurement_id>/publish/", publishing.publish, name="publish"),
]
