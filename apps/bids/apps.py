import importlib

from django.apps import AppConfig


class BidsConfig(AppConfig):
    name = "apps.bids"
    label = "bids"

    def ready(self) -> None:
        """Let the auditor hear of refused turns: the watcher registers itself."""
        importlib.import_module("apps.bids.services.alerting")
