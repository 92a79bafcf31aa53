"""What stands around every page: the rail, the person, the way home."""

from dataclasses import dataclass
from typing import Any

import rules
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from apps.workspace import selectors
from apps.workspace.models import Procurement, User
from apps.workspace.rules import procurement_of
from apps.workspace.states import Side

# Group → (page, words, icon, permission that shows it)
RAIL = {
    _("Prepare"): (
        ("rfp:builder", _("Questionnaire"), "list-checks", "rfp.view"),
        ("rfp:workload", _("Workload"), "chart-column", "rfp.view"),
        ("rfp:pack", _("Data pack"), "package", "rfp.view"),
        ("rfp:publish", _("Publish"), "send", "rfp.view"),
        ("readiness:assessment", _("Readiness"), "gauge", "readiness.view"),
        ("workspace:panel", _("Panel"), "users", "workspace.view_panel"),
    ),
    _("Collect"): (
        ("bids:vendors", _("Vendors"), "building-2", "bids.view_vendors"),
        ("bids:clarifications", _("Questions"), "messages-square", "rfp.view"),
        ("bids:stages", _("Stages"), "flag", "bids.view_stages"),
        ("bids:opening", _("Sealed bids"), "lock", "bids.view_opened"),
    ),
    _("Evaluate"): (
        ("matrix:scoring", _("Scoring"), "clipboard-check", "matrix.view_round"),
        ("matrix:consensus", _("Consensus"), "handshake", "matrix.view_round"),
        ("matrix:ranking", _("Weighted matrix"), "scale", "matrix.view_ranking"),
        ("matrix:shortlist", _("Shortlist"), "flag", "bids.view_shortlist"),
        ("pricing:comparison", _("Pricing models"), "coins", "pricing.view"),
        ("bids:rulings", _("Assumptions"), "file-check", "bids.view_rulings"),
    ),
    _("Decide"): (
        ("decision:walk", _("Decision tree"), "network", "decision.view"),
        ("reports:library", _("Reports"), "file-check", "reports.view"),
        ("workspace:record", _("Record"), "history", "workspace.view_record"),
    ),
}

OF_INFORMATION = frozenset({"matrix:shortlist"})  # shown for a request for information alone
# Not shown for one: it has no prices, no stages and no award.
OF_A_TENDER = frozenset(
    {
        *("rfp:workload", "readiness:assessment", "bids:stages", "bids:rulings"),
        *("pricing:comparison", "decision:walk", "reports:library"),
    }
)

# Where no case file is open
ACCOUNT = ("workspace:account", _("Your account"), "settings")
OF_BUYERS = (
    ("workspace:home", _("Procurements"), "layers"),
    ("reports:verify", _("Verify a report"), "shield-check"),
    ACCOUNT,
)
OF_VENDORS = (("bids:mine", _("Your bids"), "layers"), ACCOUNT)


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Group:
    label: str
    items: tuple[Item, ...]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: nothing is read for strangers, refusals and broken transactions."""
    user = getattr(request, "user", None)
    plain = {"home_url": "/", "product_environment": settings.ENVIRONMENT}
    if connection.needs_rollback or getattr(request, "refusal", None):
        return plain
    if not isinstance(user, User):
        return plain
    organisation = getattr(request, "organisation", None)
    around: dict[str, Any] = {
        **plain,
        "sign_out_url": reverse("account_logout"),
        "account_url": reverse("workspace:account"),
        "user_name": user.name,
        "organisation": organisation,
    }
    if organisation is None or organisation.side != Side.BUYER:
        return around | {"rail": _own_rail(request, OF_VENDORS)}
    procurement = procurement_of(getattr(request, "subject", None))
    if procurement is None:
        return around | {"rail": _own_rail(request, OF_BUYERS)}
    return around | _beside(request, user, procurement)


def _beside(request: HttpRequest, user: User, procurement: Procurement) -> dict[str, Any]:
    roles = selectors.roles_of(user, procurement)
    others = selectors.procurements_visible_to(user)[:12]
    return {
        "procurement": procurement,
        "rail": _rail(request, user, procurement),
        "user_role": ", ".join(str(role.label) for role in sorted(roles)),
        "switcher": [
            {
                "label": other.title,
                "note": other.reference,
                "url": reverse("workspace:procurement", args=[other.pk]),
                "current": other.pk == procurement.pk,
            }
            for other in others
        ],
    }


def _rail(request: HttpRequest, user: User, procurement: Procurement) -> list[Group]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    groups = []
    hidden = OF_A_TENDER if selectors.asks_for_information(procurement) else OF_INFORMATION
    for label, pages in RAIL.items():
        listed = (page for page in pages if page[0] not in hidden)
        shown = (_item(page, here, user, procurement) for page in listed)
        items = tuple(item for item in shown if item)
        if items:
            groups.append(Group(str(label), items))
    return groups


def _own_rail(request: HttpRequest, pages: tuple[tuple[str, Any, str], ...]) -> list[Group]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    items = (
        Item(str(label), reverse(name), icon, current=here == name) for name, label, icon in pages
    )
    return [Group("", tuple(items))]


def _item(
    page: tuple[str, Any, str, str], here: str, user: User, procurement: Procurement
) -> Item | None:
    name, label, icon, permission = page
    if not rules.perm_exists(permission) or not rules.has_perm(permission, user, procurement):
        return None
    try:
        url = reverse(name, args=[procurement.pk])
    except NoReverseMatch:
        return None
    return Item(str(label), url, icon, current=here == name)
