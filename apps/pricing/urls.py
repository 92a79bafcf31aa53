from django.urls import path

from apps.pricing import views

app_name = "pricing"
urlpatterns = [
    path("p/<uuid:procurement_id>/pricing/", views.comparison, name="comparison"),
    path("p/<uuid:procurement_id>/pricing/business/", views.business, name="business"),
    path("p/<uuid:procurement_id>/pricing/change/", views.change, name="change"),
    path("p/<uuid:procurement_id>/pricing/assume/", views.assume, name="assume"),
    path("p/<uuid:procurement_id>/pricing/try/", views.try_out, name="try"),
    path("p/<uuid:procurement_id>/pricing/adopt/", views.adopt, name="adopt"),
    path("p/<uuid:procurement_id>/pricing/record.json", views.record, name="record"),
]
