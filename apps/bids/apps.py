from django.apps import AppConfig


class BidsConfig(AppConfig):
    name = "apps.bids"
    label = "bids"
