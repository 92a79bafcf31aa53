"""T-STAMPEDE and T-RECEIPT: a rush in the last second, and workers that die while bids come in.

Send times are the client's, arrivals the edge's stamps. Half of the vendors share one pool of
connections, as behind a company's proxy; the other half of the files were uploaded before.
"""

import datetime as dt
import http.client
import os
import queue
import random
import re
import secrets
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse

from apps.bids.models import Submission
from apps.core import tenancy
from apps.proof.verifier import cli
from apps.rfp.states import EnvelopeKind
from tests.factories import bids as make
from tests.factories import sealing
from tests.journeys import small
from tests.journeys.api import Answer, Caller
from tests.journeys.crowd import Crowd, caller_of, gather, inside
from tests.journeys.product import Product, wait_for
from tests.journeys.small import Bidder
from tests.sizes import size

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

__all__ = ["inside"]
VENDORS, POOL = size(100, 500), 20
KILLS = size(20, 200)
HOUR = dt.timedelta(hours=1)
SURELY = 0.5  # seconds before the deadline: what was sent by then has to be in
SAID = re.compile(r"your bid arrived on (.+?) [A-Z]+, the deadline was")
WRITTEN = "%d %B %Y, %H:%M:%S.%f"


@dataclass
class Try:
    """One vendor's click: when its last byte left, what came back and how long it took."""

    bidder: Bidder
    sent_at: float
    answer: Answer
    seconds: float

    @property
    def accepted(self) -> bool:
        return self.answer.status == 201

    @property
    def arrived_at(self) -> float:
        """The edge's stamp, as the answer tells it."""
        if self.accepted:
            return dt.datetime.fromisoformat(self.answer.json["arrived_at"]).timestamp()
        written = SAID.search(self.answer.json["detail"])[1]
        return dt.datetime.strptime(written, WRITTEN).replace(tzinfo=dt.UTC).timestamp()


def click(bidder: Bidder, line: http.client.HTTPConnection) -> Try:
    headers = bidder.caller.headers() | {"Content-Type": "application/json"}
    line.request("POST", f"/api/v1/bids/{bidder.bid}/submit/", b"{}", headers)
    sent_at, start = time.time(), time.monotonic()
    answer = bidder.caller.read(line.getresponse())
    return Try(bidder, sent_at, answer, time.monotonic() - start)


def rush(bidders: list[Bidder], closes_at: float) -> list[Try]:
    """Let everybody submit in the last second: the even ones by lines of their own."""
    pool: queue.Queue[http.client.HTTPConnection] = queue.Queue()
    shared = [bidders[0].caller.connect() for _line in range(POOL)]
    for line in shared:
        pool.put(line)
    found: list[Try] = []

    def act(number: int, bidder: Bidder, moment: float) -> None:
        own = bidder.caller.connect() if number % 2 == 0 else None
        time.sleep(max(0, moment - time.time()))
        line = own or pool.get()
        try:
            found.append(click(bidder, line))
        finally:
            if own:
                own.close()
            else:
                pool.put(line)

    moments = [closes_at - 1 + number / len(bidders) for number in range(len(bidders))]
    random.shuffle(moments)
    threads = [
        threading.Thread(target=act, args=(number, *pair))
        for number, pair in enumerate(zip(bidders, moments, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    for line in shared:
        line.close()
    return found


def receipts_hold(product: Product, bidders: list[Bidder], folder: Path) -> None:
    """Fetch everybody's receipt again and check all of them as their vendors would, offline."""
    folder.mkdir()
    key = folder.parent / "key.pem"
    key.write_bytes(Caller(product).send("GET", "/verify/receipts.pem").content)
    for number, bidder in enumerate(bidders):
        answer = bidder.caller.send("GET", reverse("bids:receipt_file", args=[bidder.bid]))
        assert answer.status == 200, answer.text[:300]
        (folder / f"{number}.json").write_bytes(answer.content)
    assert cli.main([str(folder), "--key", str(key)]) == 0


def errors_of(product: Product) -> str:
    """What the web server said at last, for whoever reads a failure."""
    return (product.folder / "logs" / "web.log").read_text()[-6000:]


@pytest.fixture
def stampede(inside: Product) -> Crowd:
    """A hundred complete bids, and a deadline six seconds from now by every clock."""
    inside.set_clock(-HOUR)  # while the bids are made, an hour is left
    return gather(inside, VENDORS, closes_at=dt.datetime.now(dt.UTC), large=VENDORS // 2)


def test_a_rush_in_the_last_second_loses_no_bid_and_lets_none_in_late(
    inside: Product, stampede: Crowd, tmp_path: Path
):
    lead, opener = (caller_of(inside, one) for one in (stampede.buyer.lead, stampede.buyer.opener))
    closes_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=6)
    small.extend(lead, opener, str(stampede.buyer.procurement.pk), closes_at)
    inside.set_clock(dt.timedelta())
    tries = rush(stampede.bidders, closes_at.timestamp())
    ends = closes_at.timestamp()

    assert len(tries) == VENDORS
    statuses = {one.answer.status for one in tries}
    assert statuses <= {201, 409}, errors_of(inside)
    accepted = [one for one in tries if one.accepted]
    assert all(one.accepted == (one.arrived_at < ends) for one in tries)
    assert all(one.accepted for one in tries if one.sent_at < ends - SURELY)
    waits = sorted(one.seconds for one in tries)
    lag = max(one.arrived_at - one.sent_at for one in tries)
    print(  # noqa: T201 -- the figure that is asked for
        f"\n{len(accepted)} of {VENDORS} in time; p50 {waits[len(waits) // 2]:.2f} s,"
        f" p99 {waits[int(len(waits) * 0.99)]:.2f} s, stamp at most {lag:.3f} s after sending"
    )
    receipts_hold(inside, [one.bidder for one in accepted], tmp_path / "receipts")
    inside.pass_deadline(closes_at + make.GRACE)
    assert sealing.open_envelopes(stampede.tender.rfp, EnvelopeKind.TECHNICAL) == len(accepted)


def workers(product: Product) -> list[int]:
    """The processes that answer requests; whoever started them starts the next."""
    pid = product.stack.supervisor.running["web"].pid
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until_answered(bidder: Bidder) -> Answer:
    """Click again and again, as a person does whose page did not come."""

    def answered() -> Answer | None:
        try:
            answer = bidder.submit()
        except (OSError, http.client.HTTPException):
            return None
        return answer if answer.status < 500 else None

    return wait_for(answered, "an answer to the submission")


def test_workers_killed_while_bids_come_in_lose_no_receipt_and_make_none_too_many(
    inside: Product, tmp_path: Path
):
    crowd = gather(inside, KILLS, closes_at=inside.now() + 24 * HOUR)
    said: dict[str, Answer] = {}

    def keep(bidder: Bidder) -> Callable[[], None]:
        def act() -> None:
            said[bidder.bid] = until_answered(bidder)

        return act

    for bidder in crowd.bidders:
        clicking = threading.Thread(target=keep(bidder))
        clicking.start()
        time.sleep(secrets.randbelow(250) / 1000)
        os.kill(secrets.choice(wait_for(lambda: workers(inside), "a worker")), signal.SIGKILL)
        clicking.join(90)
    assert {answer.status for answer in said.values()} <= {200, 201}
    with tenancy.acting_as(scope="fsck"):
        rows = Submission.objects.filter(bid__round=crowd.tender.rfp.round)
        stored = {str(one.bid_id): one.manifest_digest for one in rows}
        assert len(rows) == KILLS
    told = {bid: answer.json["manifest_digest"] for bid, answer in said.items()}
    assert told == stored
    receipts_hold(inside, crowd.bidders, tmp_path / "receipts")  # T-RECEIPT: each again, and true
