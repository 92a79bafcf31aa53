"""How often one address may ask: a counter in the cache, a minute at a time."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

MOST = 30
WINDOW = 60  # seconds


def within_limit(request: HttpRequest, what: str) -> bool:
    """Count one request of this address; without a cache nobody is kept out."""
    key = f"limit:{what}:{address_of(request)}"
    try:
        cache.add(key, 0, WINDOW)
        return cache.incr(key) <= MOST
    except ValueError:  # the minute ended between the two
        return True
    except (RedisError, OSError):
        log.warning("the cache does not answer; requests are not counted")
        return True


def address_of(request: HttpRequest) -> str:
    """Return who asks: behind our edge its header, which overwrites a client's own."""
    if settings.BEHIND_EDGE:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
