"""The site map: one line per app."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.forbidden"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.core.urls")),
    path("", include("apps.workspace.urls")),
    path("", include("apps.rfp.urls")),
    path("", include("apps.bids.urls")),
    path("", include("apps.matrix.urls")),
    path("", include("apps.pricing.urls")),
    path("", include("apps.readiness.urls")),
    path("", include("apps.decision.urls")),
    path("", include("apps.reports.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("cceval.api")),
]
if settings.MAIL_SINK:
    urlpatterns.append(path("outbox/", include("cceval.local.urls")))
