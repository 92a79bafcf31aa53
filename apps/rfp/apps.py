from django.apps import AppConfig


class RfpConfig(AppConfig):
    name = "apps.rfp"
    label = "rfp"
