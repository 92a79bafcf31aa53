import json
from tests.factories import matrix as make
from tests.conftest import acting_for, make_vendor
from apps.matrix import selectors
from apps.matrix.services import ranking
from apps.engine import cases

def test_it(buyer, vendor_a, vendor_b, set_clock):
    c = make_vendor("Tamarind Global", buyer.organisation)
    stage = make.opened(buyer, [vendor_a, vendor_b, c], set_clock)
    make.to_lock(stage)
    with acting_for(buyer.lead) as lead:
        r = selectors.latest_ranking(lead, stage.procurement)
        print(r, r.digest)
        rec = json.loads(r.record)
        print(json.dumps(rec["case"], indent=1)[:4000])
        print(json.dumps(rec["result"]["vendors"][0], indent=1))
    make.priced(stage)
    with acting_for(buyer.lead) as lead:
        r = ranking.freeze(scoring_round=stage.round_for(lead), actor=lead)
        rec = json.loads(r.record)
        print(json.dumps(rec["result"]["weight_intervals"], indent=1))
        print(json.dumps(rec["result"]["order"], indent=1))
        assert cases.replay(cases.Record.from_bytes(r.record.encode())).same
