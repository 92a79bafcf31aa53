import cProfile, pstats, time, tomllib, datetime as dt
from pathlib import Path
from django.db import connection
from tests.factories.matrix import receipt_key
DEMO = Path("/work/main/cceval/demo")
def load(n): return tomllib.loads((DEMO/n).read_text())
def test_prof(committed, django_db_blocker):
    from cceval.demo import people, tender, evaluation
    from apps.workspace.states import Role
    from apps.rfp.states import EnvelopeKind
    with django_db_blocker.unblock():
        receipt_key()
        cast = people.Cast(); case = load("case.toml"); scores = load("scores.toml")
        vendors = {v["key"]: v for v in (load(f"vendors_{c}.toml") for c in "abcd")}
        people.found_buyer(cast, case); lead = cast["kovac"]
        proc = tender.open_case(lead, case["procurement"])
        for p in case["people"]:
            for r in p["roles"]: tender.appoint(proc, cast[p["key"]], Role(r), lead)
        rfp = tender.author(proc, lead, case["rfp"], case["workload"], None, "note")
        tender.publish(rfp, lead, dt.datetime.now(dt.UTC)+dt.timedelta(days=2), dt.timedelta(seconds=0))
        bids = {}
        for k, v in vendors.items():
            bid = tender.invite(cast, rfp, lead, v); bids[k] = bid.pk
            tender.answer(cast, bid, v); tender.submit(cast, bid, v)
        with connection.cursor() as c: c.execute("UPDATE cceval_test_clock SET shift = '3 days'")
        tender.open_bids(rfp, cast["lindqvist"], EnvelopeKind.TECHNICAL)
        evaluation._begin(cast, proc.pk, case, lead)
        part = {"cells": scores["cells"][:15]}
        pr = cProfile.Profile(); t=time.time()
        pr.enable()
        with people.acting(cast["rahman"]) as a: evaluation._score_alone(a, "rahman", proc.pk, part, bids)
        pr.disable()
        print("took", time.time()-t)
        pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
