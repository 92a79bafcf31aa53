"""The API's root: every app's endpoints, and their OpenAPI schema."""

import importlib

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularJSONAPIView

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
]
for app in ("workspace", "rfp", "bids", "matrix", "pricing", "readiness", "decision", "reports"):
    try:
        urlpatterns += importlib.import_module(f"apps.{app}.api").urlpatterns
    except ModuleNotFoundError:
        pass
