from django.urls import path

from apps.workspace.views import panel, people, procurements, records

app_name = "workspace"
urlpatterns = [
    path("", procurements.home, name="home"),
    path("account/", people.account, name="account"),
    path("account/organisation/", people.switch, name="switch"),
    path("join/<str:token>/", people.join, name="join"),
    path("procurements/new/", procurements.new, name="new"),
    path("p/<uuid:procurement_id>/", procurements.procurement, name="procurement"),
    path("p/<uuid:procurement_id>/record/", records.record, name="record"),
    path("p/<uuid:procurement_id>/record/check/", records.check, name="check_record"),
    path("p/<uuid:procurement_id>/record/record.json", records.record_file, name="record_file"),
    path("p/<uuid:procurement_id>/record/newest.checkpoint", records.checkpoint, name="checkpoint"),
    path("p/<uuid:procurement_id>/panel/", panel.show, name="panel"),
    path("p/<uuid:procurement_id>/panel/appoint/", panel.appoint, name="appoint"),
    path("p/<uuid:procurement_id>/panel/except/", panel.except_meetings, name="except_meetings"),
    path("p/<uuid:procurement_id>/panel/invite/", panel.invite, name="invite"),
    path("p/<uuid:procurement_id>/panel/declare/", panel.declare, name="declare"),
    path("p/<uuid:procurement_id>/panel/<uuid:member_id>/dismiss/", panel.dismiss, name="dismiss"),
]
