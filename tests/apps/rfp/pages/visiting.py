"""An RFP made for a page, where its pages are, and what a form on them would send."""

from django.urls import reverse

from apps.rfp.models import Rfp
from tests.conftest import acting_for
from tests.factories.rfp import make_rfp

GETS = ("builder", "lots", "terms", "workload", "publish", "preview")


def made(buyer, *, published: bool = False) -> Rfp:
    with acting_for(buyer.lead) as lead:
        return make_rfp(buyer.procurement, lead, published=published)


def url(name: str, rfp_or_case, *more) -> str:
    return reverse(
        f"rfp:{name}", args=[getattr(rfp_or_case, "procurement_id", rfp_or_case.pk), *more]
    )


def fresh(buyer, rfp) -> Rfp:
    with acting_for(buyer.lead):
        return Rfp.objects.select_related("round", "workload").get(pk=rfp.pk)


def form_of(client, rfp, code: str, tab: str) -> dict:
    """The values a tab's form would send back unchanged."""
    page = client.get(url("builder", rfp), {"question": code, "tab": tab})
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value is not None}
    return {name: value for name, value in sent.items() if value is not False} | {"tab": tab}


def terms_of(_rfp, **changes) -> dict:
    return {
        "introduction": "Bids wanted.",
        "term_months": "24",
        "quality_weight": "70",
        "price_weight": "30",
        "price_formula": "absolute-linear",
        "absolute-linear.cap": "2000000",
        "absolute-linear.floor": "900000",
        "pricing_models": ["per_fte"],
        "envelope_order": "technical_first",
        "missing_policy": "zero",
        "hidden_counts": "unanswered",
        "fact-regulated": "yes",
        "fact-takes_card_payments": "no",
        "fact-handles_health_data": "no",
        "fact-crm": "Zendesk",
        "fact-vertical": "General",
        "fact-channels": ["Voice", "Chat"],
        **changes,
    }


def week_form(**changes) -> dict:
    line = " ".join(["0"] * 18 + ["10"] * 16 + ["0"] * 14)
    return {
        "queue": "0",
        "name": "voice-en",
        "interval_minutes": "30",
        "week": "\r\n".join([line] * 7),
        "aht_s": "310",
        "share": "80",
        "seconds": "20",
        "definition": "offered",
        "max_occupancy": "85",
        "minimum_seats": "2",
        "growth": "2.5",
        "source": "Call records",
        **changes,
    }
