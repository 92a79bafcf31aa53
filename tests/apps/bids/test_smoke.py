import datetime as dt
import pytest
from apps.core import tenancy, clock
from apps.bids import selectors
from apps.bids.services.opening import open_envelopes
from apps.rfp.states import EnvelopeKind
from tests.factories import bids as make

pytestmark = pytest.mark.django_db

def test_smoke(buyer, vendor_a, vendor_b, acting, set_clock):
    t = make.tender(buyer)
    a = make.bid_in(t.rfp, vendor_a); b = make.bid_in(t.rfp, vendor_b)
    make.fill(a, t, vendor_a, mark="canary1"); make.submit(a, vendor_a)
    make.fill(b, t, vendor_b, mark="canary2"); make.submit(b, vendor_b)
    set_clock(t.rfp.round.closes_at + dt.timedelta(seconds=130))
    with acting(buyer.opener):
        n = open_envelopes(rfp=t.rfp, kind=EnvelopeKind.TECHNICAL, actor=buyer.opener)
        assert n == 2
    with acting(buyer.lead):
        print(selectors.opened_answers(buyer.lead, t.rfp))
        print(selectors.vendor_names(buyer.lead, t.rfp))
        print(selectors.knockouts(buyer.lead, t.rfp))
