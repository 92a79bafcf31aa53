from tests.factories.rfp import make_rfp
def test_smoke(buyer, procurement, acting):
    with acting(buyer.lead):
        rfp = make_rfp(procurement, buyer.lead, published=True)
        print(rfp.digest, rfp.state, rfp.frozen[:300])
