"""What a questionnaire can start from beside the shipped files: own templates and earlier RFPs."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.rfp.models import Rfp, Template
from apps.rfp.selectors.shipping import packs, shipped
from apps.rfp.states import SCORED
from apps.rfp.types import Shipped
from apps.rfp.workbooks.form import of_file
from apps.workspace.models import Procurement, User
from apps.workspace.selectors import procurement_for, procurements_visible_to


@dataclass(frozen=True)
class Kept:
    """A template as a list shows it."""

    template: Template
    sections: int
    questions: int
    scored: int
    by: str

    @property
    def value(self) -> str:
        return f"template:{self.template.pk}"


@dataclass(frozen=True)
class Earlier:
    """An RFP of a procurement that the person may see, to start from."""

    rfp: Rfp
    reference: str
    title: str
    questions: int

    @property
    def value(self) -> str:
        return f"rfp:{self.rfp.pk}"


@dataclass(frozen=True)
class Held:
    """A template, with the procurement from which a lead looks after it."""

    procurement: Procurement
    template: Template


def templates() -> list[Kept]:
    """Return the templates of the acting organisation, by name: one query."""
    return [
        _kept(one) for one in Template.objects.select_related("saved_by").order_by("name", "pk")
    ]


def _kept(template: Template) -> Kept:
    form = of_file(template.content)
    modes = [item.mode for _part, item in form.items]
    return Kept(
        template=template,
        sections=len(form.parts),
        questions=len(modes),
        scored=sum(mode in SCORED for mode in modes),
        by=template.saved_by.name,
    )


def template_for(user: User, *, procurement_id: uuid.UUID, template_id: uuid.UUID) -> Held:
    """Return a template of the organisation whose procurement the person sees."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = Template.objects.filter(
        pk=template_id, organisation_id=procurement.organisation_id
    ).first()
    if found is None:
        raise NotFound(_("This template is not there any more."))
    return Held(procurement=procurement, template=found)


def earlier(user: User, procurement: Procurement) -> list[Earlier]:
    """Return the RFPs of other procurements that the person may see, newest first: one query."""
    found = (
        Rfp.objects.filter(procurement__in=procurements_visible_to(user).values("pk"))
        .exclude(procurement=procurement)
        .select_related("procurement")
        .annotate(asked=Count("questions", filter=Q(questions__isnull=False)))
        .order_by("-created_at", "-pk")
    )
    return [
        Earlier(one, one.procurement.reference, one.procurement.title, one.asked)
        for one in found
        if one.asked
    ]


def earlier_for(user: User, procurement: Procurement, rfp_id: uuid.UUID) -> Rfp:
    """Return one of them; NotFound when the person may not see it."""
    found = (
        Rfp.objects.filter(pk=rfp_id, procurement__in=procurements_visible_to(user).values("pk"))
        .exclude(procurement=procurement)
        .select_related("procurement")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such RFP, or you are not on its panel."))
    return found


@dataclass(frozen=True)
class Sources:
    """Everything that a questionnaire can start from, for the start page."""

    shipped: list[Shipped]
    packs: list[Shipped]
    templates: list[Kept]
    earlier: list[Earlier]

    @property
    def names(self) -> list[str]:
        """Return the names that `services.starting.start` knows."""
        return [
            *(one.slug for one in self.shipped),
            *(one.value for one in self.templates),
            *(one.value for one in self.earlier),
            "empty",
        ]


def sources(user: User, procurement: Procurement) -> Sources:
    """Return what this procurement can start from: two queries."""
    return Sources(shipped(), packs(), templates(), earlier(user, procurement))
