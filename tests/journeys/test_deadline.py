"""T-EDGE: the deadline is exact to the millisecond, and the edge's stamp decides."""

import datetime as dt
import http.client
import socket
import time
from collections.abc import Iterator

import pytest

from tests.journeys import small
from tests.journeys.api import Answer
from tests.journeys.browser import Windows
from tests.journeys.by_api import OPENER
from tests.journeys.product import Product
from tests.journeys.small import Bidder, Tools
from tests.sizes import size

pytestmark = pytest.mark.xdist_group("product")

MILLISECOND = dt.timedelta(milliseconds=1)
PADDING = b" " * 4000
BACK = dt.timedelta(hours=-1)
DRIPS = size(5, 50)


class FromEdge(http.client.HTTPConnection):
    """A connection to the web server's own socket, where only the edge can speak."""

    def __init__(self, product: Product) -> None:
        super().__init__("localhost")
        self.product = product

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.product.web_socket))


def submit_stamped(bidder: Bidder, arrived_at: dt.datetime) -> Answer:
    """Submit with the arrival that the edge would have stamped."""
    stamp = f"{arrived_at.timestamp():.3f}"
    headers = {"Content-Type": "application/json", "X-Arrival": stamp, "X-Forwarded-Proto": "http"}
    line = FromEdge(bidder.caller.product)
    path = f"/api/v1/bids/{bidder.bid}/submit/"
    line.request("POST", path, b"{}", bidder.caller.headers() | headers)
    answer = bidder.caller.read(line.getresponse())
    line.close()
    return answer


def drip(bidder: Bidder, until: dt.datetime, headers: dict[str, str]) -> Answer:
    """Send the body of a submission slowly; its last byte leaves at `until`."""
    line = bidder.caller.connect()
    line.putrequest("POST", f"/api/v1/bids/{bidder.bid}/submit/", skip_host=True)
    sizes = {"Content-Type": "application/json", "Content-Length": str(len(PADDING) + 2)}
    for name, value in (bidder.caller.headers() | sizes | headers).items():
        line.putheader(name, value)
    line.endheaders()
    step = (until - dt.datetime.now(dt.UTC)).total_seconds() / 8
    for part in range(8):
        line.send(PADDING[part * 500 : (part + 1) * 500])
        time.sleep(step * 0.9)
    time.sleep(max(0, (until - dt.datetime.now(dt.UTC)).total_seconds()))
    line.send(b"{}")
    answer = bidder.caller.read(line.getresponse())
    line.close()
    return answer


@pytest.fixture
def true_clock(product: Product) -> Iterator[None]:
    """The database's clock without the lead it has in the other journeys."""
    before = product.shift
    product.set_clock(dt.timedelta())
    yield
    product.set_clock(before)


def test_a_bid_arriving_a_millisecond_before_the_deadline_counts_and_at_the_deadline_does_not(
    tools: Tools,
):
    closes_at = tools.product.now().replace(microsecond=250_000) + dt.timedelta(hours=1)
    pk = small.draft(tools.lead)
    small.publish(tools, pk, closes_at)
    bidder = small.bidder(tools, pk, "Edge Voice")

    for late in (closes_at, closes_at + MILLISECOND):
        refused = submit_stamped(bidder, late)
        assert refused.status == 409
        assert refused.json["detail"] == (
            f"Not submitted: your bid arrived on {exact(late)}, the deadline was"
            f" {exact(closes_at)}. A bid counts when it arrives before the deadline."
        )
    accepted = submit_stamped(bidder, closes_at - MILLISECOND)
    assert accepted.status == 201
    assert dt.datetime.fromisoformat(accepted.json["arrived_at"]) == closes_at - MILLISECOND


def whole_milliseconds(moment: dt.datetime) -> dt.datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def exact(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M:%S}.{moment.microsecond // 1000:03} UTC"


def test_a_body_dripped_across_the_deadline_is_judged_by_when_it_had_arrived(
    tools: Tools, windows: Windows, true_clock: None
):
    """Each time who came too late is in time by the next deadline, and a new vendor is late."""
    product = tools.product
    pk = small.draft(tools.lead)
    opener = tools.openers[OPENER]
    product.set_clock(BACK)  # the deadline can be set, however slow this machine
    small.publish(tools, pk, dt.datetime.now(dt.UTC))
    in_time = small.bidder(tools, pk, "Early Voice")
    for number in range(DRIPS):
        late = small.bidder(tools, pk, f"Late Voice {number}")
        closes_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
        small.extend(tools.lead, opener, pk, closes_at)
        product.set_clock(dt.timedelta())
        drip_both(in_time, late, closes_at)
        query = f"SELECT count(*) FROM bids_submission WHERE bid_id = '{late.bid}'"
        assert product.sql(query) == "0"
        product.set_clock(BACK)
        in_time = late


def drip_both(in_time: Bidder, late: Bidder, closes_at: dt.datetime) -> None:
    """The last byte of one leaves before the deadline, that of the other after it."""
    forged = {"X-Arrival": f"{(closes_at - dt.timedelta(hours=1)).timestamp():.3f}"}
    last_byte = closes_at - dt.timedelta(milliseconds=400)
    accepted = drip(in_time, last_byte, forged)
    assert accepted.status == 201
    stamp = dt.datetime.fromisoformat(accepted.json["arrived_at"])
    # The edge's own stamp, not the client's; it counts whole milliseconds.
    assert whole_milliseconds(last_byte) <= stamp < closes_at

    refused = drip(late, closes_at + dt.timedelta(milliseconds=100), forged)
    assert refused.status == 409
    assert refused.json["detail"].startswith("Not submitted: your bid arrived on ")
