from django.urls import path

from apps.decision import views

app_name = "decision"
PLACE = "p/<uuid:procurement_id>/decision/"
ONE = f"{PLACE}<uuid:decision_id>/"
urlpatterns = [
    path(PLACE, views.walk, name="walk"),
    path(f"{PLACE}ways/", views.scenarios, name="scenarios"),
    path(f"{PLACE}state/", views.state, name="state"),
    path(f"{PLACE}propose/", views.propose, name="propose"),
    path(f"{ONE}approve/", views.approve, name="approve"),
    path(f"{ONE}send-back/", views.send_back, name="send_back"),
    path(f"{ONE}contract/", views.contract, name="contract"),
    path(f"{ONE}schedule/", views.schedule, name="schedule"),
    path(f"{ONE}schedule.json", views.schedule_record, name="schedule_record"),
    path(f"{ONE}schedule.csv", views.schedule_table, name="schedule_table"),
    path(f"{ONE}letters/", views.letters, name="letters"),
    path(f"{ONE}award.json", views.award, name="award"),
    path(f"{ONE}record.json", views.record, name="record"),
]
