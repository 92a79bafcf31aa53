"""The jobs of this app. Ids travel, nothing else."""

from celery.signals import worker_process_init

from apps.core import jobs
from apps.reports.selectors.reports import KIND
from apps.reports.services import producing

jobs.handler(KIND, give_up=producing.give_up)(producing.produce)


@worker_process_init.connect
def warm_up(**_kwargs: object) -> None:
    producing.warm_up()
