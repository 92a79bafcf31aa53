import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cceval.settings")  # noqa: TID251 -- entry point

application = get_wsgi_application()

# What is loaded by now stays until the process ends. The garbage collector need not look through it
# again and again, which costs the page it happens to meet up to a tenth of a second.
gc.collect()
gc.freeze()
