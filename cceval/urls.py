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
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("cceval.api")),
]
for app in ("rfp", "bids", "matrix", "pricing", "readiness", "decision", "reports"):
    try:
        urlpatterns.append(path("", include(f"apps.{app}.urls")))
    except ModuleNotFoundError:
        pass
if settings.MAIL_SINK:
    urlpatterns.append(path("outbox/", include("cceval.local.urls")))
