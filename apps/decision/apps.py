from django.apps import AppConfig


class DecisionConfig(AppConfig):
    name = "apps.decision"
    label = "decision"
