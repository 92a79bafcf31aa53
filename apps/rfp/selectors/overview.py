"""What the overview of a case file says about its RFP."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.access import can
from apps.core.templatetags.formats import short_date
from apps.rfp.models import Question, Rfp
from apps.workspace.models import Procurement, User
from apps.workspace.types import Fact


def facts(user: User, procurement: Procurement) -> list[Fact]:
    """Return how many questions are asked, and whether vendors read them yet."""
    if not can(user, "rfp.view", procurement):
        return []
    rfp = Rfp.objects.filter(procurement=procurement).only("state", "published_at").first()
    if rfp is None:
        return []
    count = Question.objects.filter(section__rfp=rfp, withdrawn=False).count()
    published = _("published {at}").format(at=short_date(rfp.published_at))
    return [
        Fact(
            label=_("Questionnaire"),
            value=ngettext("{n} question", "{n} questions", count).format(n=count),
            note=published if rfp.published_at else _("not published yet"),
            url=reverse("rfp:builder", args=[procurement.pk]),
        )
    ]
