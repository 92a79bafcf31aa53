"""Every page says who may see it; every permission a page names is in a rulebook."""

import re
from collections import Counter
from collections.abc import Iterator

import rules
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from apps.core.access import PUBLIC
from apps.core.api import Endpoint

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
THIRD_PARTY = ("allauth.", "drf_spectacular.", "django.")
# Everything a stranger may reach, by name, with the reason.
PUBLIC_PAGES = {
    "core:closed": "not found, for everybody",
    "core:live": "a load balancer asks",
    "core:ready": "a load balancer asks",
    "workspace:join": "invitation by token",
    "bids:invitation": "invitation by token",
    "bids:decide": "invitation by token",
    "bids:decline_by_link": "invitation by token",
    "reports:certificate": "anybody may know the certificates reports are signed with",
    "reports:receipt_key": "anybody may know the key of receipts and checkpoints",
    "reports:verify": "anybody may verify a report",
    "reports:verify_reference": "anybody may verify a report",
    "local:outbox": "the demo's outbox; mounted only beside a mail sink",
}


def patterns(
    resolver: URLResolver | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, entry.namespace or space)
        else:
            yield (f"{space}:{entry.name}" if space else str(entry.name)), entry


def ours() -> Iterator[tuple[str, URLPattern]]:
    for name, entry in patterns():
        if not entry.callback.__module__.startswith(THIRD_PARTY):
            yield name, entry


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
        elif not entry.callback.__module__.startswith(THIRD_PARTY):
            yield address


def test_no_address_is_given_twice():
    counted = Counter(addresses())
    assert [address for address, number in counted.items() if number > 1] == []


def test_every_page_names_a_permission():
    missing = [
        name
        for name, entry in ours()
        if not hasattr(entry.callback, "permission")
        and not issubclass(getattr(entry.callback, "view_class", object), Endpoint)
        and not issubclass(getattr(entry.callback, "cls", object), Endpoint)
    ]
    assert missing == []


def test_every_permission_of_a_page_is_in_a_rulebook():
    named = {
        entry.callback.permission for _, entry in ours() if hasattr(entry.callback, "permission")
    }
    for _, entry in ours():
        view = getattr(entry.callback, "cls", None)
        if view is not None and issubclass(view, Endpoint):
            assert view.permissions, view
            named |= set(view.permissions.values())
    assert [name for name in sorted(named - {PUBLIC}) if not rules.perm_exists(name)] == []


def test_only_the_listed_pages_are_public():
    public = {name for name, entry in ours() if getattr(entry.callback, "permission", "") == PUBLIC}
    assert public <= set(PUBLIC_PAGES)


def test_every_endpoint_is_in_the_schema_with_its_methods():
    """What a program can do it can read: address and method of each endpoint, and no other."""
    described = {
        (path, method)
        for path, methods in SchemaGenerator()
        .get_schema(request=None, public=True)["paths"]
        .items()
        for method in methods
    }
    expected = {
        ("/api/v1/" + PLACEHOLDER.sub(r"{\1}", str(entry.pattern)), method)
        for _, entry in ours()
        if (view := getattr(entry.callback, "cls", None)) and issubclass(view, Endpoint)
        for method in view.permissions
    }
    assert described == expected
