"""A comparison from sealed bids to an adopted record, with the demo's figures."""

from decimal import Decimal

import pytest

from apps.pricing import selectors
from apps.pricing.selectors import price_page
from tests.factories import pricing

pytestmark = pytest.mark.django_db


def test_smoke(buyer, set_clock, acting):
    import time
    t=time.time()
    found = pricing.opened(buyer, set_clock, "velora", "castellan", "tamarind", "northmoor")
    print("made", time.time()-t); t=time.time()
    pricing.assume(found)
    print("assume", time.time()-t); t=time.time()
    c = pricing.adopt(found)
    print("adopt", time.time()-t); t=time.time()
    with acting(buyer.lead):
        page = price_page(buyer.lead, found.procurement)
    print("page", time.time()-t)
    print(page.compared.finding.text)
    for r in page.compared.realities: print(r.quote.name, r.tone, r.sentence, r.notes)
    print(page.compared.remarks)
    for q in page.compared.quotes: print(q.name, q.letter, q.total, q.present_value, q.agents)
    assert 0
