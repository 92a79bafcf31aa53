"""A newcomer in Essential: plain words on every page from the start to publication, and few steps."""

import re

import pytest
from django.urls import reverse

from apps.rfp.models import Rfp
from tests.conftest import acting_for

# Words of the trade of statistics and cryptography; nobody needs them to buy a contact centre.
JARGON = re.compile(
    r"SMAA|Merkle|HPKE|TOPSIS|Monte Carlo|stochastic|Pareto|lexicographic|SHA-256|canonical JSON"
    r"|row-level|ciphertext|eigenvalue|\bAHP\b|Erlang|denominator|\bseed\b|percentile",
    re.IGNORECASE,
)
PAGES = ("builder", "choose", "terms", "workload", "preset", "publish", "review", "preview", "bank",
         "import", "templates", "balance")  # fmt: skip
TABS = ("question", "scoring", "evidence", "logic")


def words(answer) -> str:
    """Return what a person reads of a page."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


@pytest.fixture
def essential(buyer, client_for) -> Rfp:
    client = client_for(buyer.lead)
    given = {"questionnaire": "bpo_voice_support", "preset": "essential"}
    answer = client.post(reverse("rfp:start", args=[buyer.procurement.pk]), given)
    assert answer.status_code == 302, words(answer)[-500:]
    with acting_for(buyer.lead):
        return Rfp.objects.get()


def test_a_lead_in_essential_meets_no_word_of_another_trade(buyer, client_for, essential):
    client, case = client_for(buyer.lead), buyer.procurement.pk
    urls = [reverse("rfp:start", args=[case]), reverse("workspace:procurement", args=[case])]
    urls += [reverse(f"rfp:{name}", args=[case]) for name in PAGES]
    urls += [f"{reverse('rfp:builder', args=[case])}?question=1.01&tab={tab}" for tab in TABS]
    urls += [reverse("workspace:panel", args=[case]), reverse("bids:vendors", args=[case])]
    met = {}
    for url in urls:
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
        if found := JARGON.findall(words(answer)):
            met[url] = found
    assert met == {}
