from django.urls import path

from cceval.local import outbox

app_name = "local"
urlpatterns = [path("", outbox.outbox, name="outbox")]
