"""Settings of the tests: the product's own, with a fast hasher and throw-away folders."""

import os
import tempfile

_folder = os.environ.setdefault("CCEVAL_VAR", tempfile.mkdtemp(prefix="cceval-tests-"))
for name, value in {
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://cceval_app@/test_cceval",
    "DATABASE_OWNER_URL": "postgres://cceval_owner@/test_cceval",
    "REDIS_URL": "unix://" + _folder + "/redis.sock",
    "CCEVAL_ENVIRONMENT": "test",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CCEVAL_GRACE_SECONDS": "0",
}.items():
    os.environ.setdefault(name, value)

from cceval.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
