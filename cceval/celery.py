"""The Celery app: a doorbell for the jobs table, which is the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cceval.settings")  # noqa: TID251 -- entry point

app = Celery("cceval")
app.config_from_object("cceval.queues")
# Before the workers fork: the jobs, and the warm-up of whoever renders reports.
app.autodiscover_tasks(["apps.core", "apps.rfp", "apps.bids", "apps.reports"])
