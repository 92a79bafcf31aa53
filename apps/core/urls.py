from django.urls import path

from apps.core import views

app_name = "core"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    # An address comes with an invitation: nobody adds another one to an account by himself.
    path("accounts/email/", views.closed, name="closed"),
    path("accounts/confirm-email/", views.closed, name="closed"),
    path("accounts/confirm-email/<str:key>/", views.closed, name="closed"),
]
