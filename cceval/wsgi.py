import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cceval.settings")  # noqa: TID251 -- entry point

application = get_wsgi_application()
