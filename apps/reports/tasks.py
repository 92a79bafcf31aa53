"""The jobs of this app. Ids travel, nothing else."""

from celery.signals import worker_process_init

from apps.bids.types.places import LETTER_PAPER, RECEIPT_PAPER
from apps.core import jobs
from apps.matrix.types import SUPERSEDE
from apps.reports.selectors.reports import KIND
from apps.reports.services import letter_papers, producing, receipt_papers, superseding

jobs.handler(KIND, give_up=producing.give_up)(producing.produce)
jobs.handler(RECEIPT_PAPER)(receipt_papers.produce)
jobs.handler(LETTER_PAPER)(letter_papers.produce)
jobs.handler(SUPERSEDE)(superseding.produce)


@worker_process_init.connect
def warm_up(**_kwargs: object) -> None:
    producing.warm_up()
