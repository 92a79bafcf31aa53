"""The API's root: every app's endpoints, and their OpenAPI schema."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularJSONAPIView

from apps.bids import api as bids
from apps.decision import api as decision
from apps.matrix import api as matrix
from apps.pricing import api as pricing
from apps.readiness import api as readiness
from apps.reports import api as reports
from apps.rfp import api as rfp
from apps.workspace import api as workspace

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    *workspace.urlpatterns,
    *rfp.urlpatterns,
    *bids.urlpatterns,
    *matrix.urlpatterns,
    *pricing.urlpatterns,
    *readiness.urlpatterns,
    *decision.urlpatterns,
    *reports.urlpatterns,
]
