import gc
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cceval.settings")  # noqa: TID251 -- entry point


def load(resolver: URLResolver) -> None:
    """Load every view, and with them what they import."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            load(pattern)


application = get_wsgi_application()

# Left to the first requests of each process, views and templates would cost them two seconds and a half of
# a processor. Loaded here, before a web server with `--preload` forks, nobody waits for them: not in the
# first minute, and not in the last one before a deadline when a worker has to be started anew.
load(get_resolver())
templates = Path(settings.BASE_DIR) / "templates"
for found in templates.rglob("*.*"):
    get_template(str(found.relative_to(templates)))

# What is loaded by now stays until the process ends. The garbage collector need not look through it
# again and again, which costs the page it happens to meet up to a tenth of a second.
gc.collect()
gc.freeze()
