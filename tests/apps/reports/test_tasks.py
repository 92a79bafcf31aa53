"""The jobs are known to whoever runs them, and nothing slow is loaded where nobody renders."""

import subprocess
import sys

from apps.core import jobs
from apps.core.tasks import load_handlers
from apps.reports.selectors.reports import KIND
from apps.reports.services import producing


def run(code):
    """Run a few lines in a process of their own; return what they print."""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120
    )
    return done.stdout.split()


def test_the_job_and_what_follows_its_last_failure_are_registered():
    load_handlers()
    assert jobs.HANDLERS[KIND] is producing.produce
    assert jobs.GIVE_UP[KIND] is producing.give_up


def test_the_worker_knows_the_warm_up_before_it_forks():
    said = run(
        "from cceval.celery import app\n"
        "from celery.signals import worker_process_init\n"
        "app.loader.import_default_modules()\n"
        "print(*[ref().__module__ for _key, ref in worker_process_init.receivers"
        " if ref() and ref().__module__.startswith('apps.')])"
    )
    assert said == ["apps.reports.tasks"]


def test_a_web_process_loads_no_layout_engine():
    said = run(
        "import django; django.setup()\n"
        "import sys, apps.reports.tasks, apps.reports.urls\n"
        "print('weasyprint' in sys.modules, 'pyhanko' in sys.modules)"
    )
    assert said == ["False", "False"]
