"""Vendors saving answers: how fast, how many, and whether every acknowledged answer is there.

    python benchmarks/bench_portal.py [vendors] [requests a second] [seconds]

Runs the whole product (nginx, gunicorn with two processes, PostgreSQL with fsync, Redis) and sends
from this process over HTTP, on the same cores. Each vendor has a bid with 150 questions and one
person signed in. Times are from the moment a request was due, so that a queue is not overlooked.
Afterwards each acknowledged answer is read back from the database and compared.

Beside it in the same run: the least page of the same web server, and the bare statements (two
encrypted rows and their commit) by PostgreSQL's own client over as many connections. The answers
saved a second are given as a share of both.
"""

import asyncio
import itertools
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus

import private_product

VENDORS = int(sys.argv[1]) if len(sys.argv) > 1 else 300
PACE = int(sys.argv[2]) if len(sys.argv) > 2 else 60
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 120
QUESTIONS, BURST, CONNECTIONS, WARM = 150, 15, 16, 100
TEXT = "We staff the night shift with twelve agents who work from Leeds and Gdynia. " * 5
TOKEN = "b" * 32  # the same in the cookie and in the header, as the page's script sends it


@dataclass
class Vendor:
    """One signed-in person: the bid's address, the questions' identifiers, what was acknowledged."""

    cookie: str
    bid: str
    person: str
    organisation: str
    questions: list[tuple[str, str]]  # identifier, name of its control
    versions: dict[str, int] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


def seed() -> list[Vendor]:
    """Make a tender of 150 questions and a bid of every vendor, without mails."""
    from apps.bids.forms.answers import name_of  # noqa: PLC0415 -- after Django was set up
    from apps.core import tenancy  # noqa: PLC0415
    from apps.rfp.models import Question  # noqa: PLC0415
    from apps.rfp.states import AnswerKind  # noqa: PLC0415
    from tests.conftest import make_buyer, make_vendor, sign_in  # noqa: PLC0415
    from tests.factories import bids  # noqa: PLC0415

    asked = tuple(
        {"code": f"1.{n:03}", "topic": f"Topic {n}", "text": "How?", "kind": AnswerKind.TEXT_LONG}
        for n in range(1, QUESTIONS + 1)
    )
    bids.QUESTIONS = tuple({**one, "weight": "1"} for one in asked)
    buyer = make_buyer()
    found = bids.tender(buyer)
    with tenancy.acting_as(organisation=buyer.organisation.pk):
        rfp = bids.read(found)
        questions = [(str(one.pk), name_of(one)) for one in Question.objects.filter(rfp=rfp)]
    made = []
    for number in range(VENDORS):
        people = make_vendor(f"Vendor {number}", buyer.organisation)
        bid = bids.bid_in(rfp, people)
        client = sign_in(people.owner)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        cookie = "; ".join(f"{n}={v}" for n, v in {**cookies, "csrf": TOKEN}.items())
        given = (cookie, str(bid.pk), str(people.owner.pk), str(people.organisation.pk))
        made.append(Vendor(*given, questions))
    return made


Turn = tuple[Vendor, tuple[str, str]]


class Caller:
    """Saves answers, and keeps how long each took and what was not acknowledged."""

    def __init__(self, session, url: str) -> None:
        self.session, self.url = session, url
        self.times: list[float] = []
        self.failed: dict[str, int] = {}
        self.number = itertools.count(1)

    async def save(self, vendor: Vendor, asked: tuple[str, str], due: float) -> None:
        question, name = asked
        text = f"{TEXT} {next(self.number)}"
        headers = {
            "Cookie": vendor.cookie,
            "X-CSRFToken": TOKEN,
            "If-Match": f'"v{vendor.versions.get(question, 0)}"',
        }
        address = f"{self.url}/bids/{vendor.bid}/answers/{question}/"
        try:
            async with self.session.post(address, headers=headers, data={name: text}) as answer:
                if answer.status == HTTPStatus.OK:
                    vendor.versions[question] = (await answer.json())["version"]
                    vendor.kept[question] = text
                else:
                    self._missed(str(answer.status))
        except OSError as error:
            self._missed(type(error).__name__)
        self.times.append(time.perf_counter() - due)

    async def least(self) -> None:
        async with self.session.get(f"{self.url}/health/live") as answer:
            assert answer.status == HTTPStatus.OK

    def _missed(self, why: str) -> None:
        self.failed[why] = self.failed.get(why, 0) + 1

    def percentile(self, share: float) -> float:
        """Return the time in ms that `share` of the requests kept within."""
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))] * 1e3


def turns(vendors: list[Vendor]) -> Iterator[Turn]:
    """Every vendor in turn, each at its next question, over and over."""
    for lap in itertools.count():
        for vendor in vendors:
            yield vendor, vendor.questions[lap % QUESTIONS]


async def sustained(caller: Caller, turn: Iterator[Turn]) -> None:
    """Send at an even pace, whether or not earlier requests were answered."""
    began, sent = time.perf_counter(), set()
    for number in range(PACE * SECONDS):
        due = began + number / PACE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sent.add(asyncio.create_task(caller.save(*next(turn), due)))
    await asyncio.gather(*sent)


async def saturated(act: Callable[[], Awaitable[None]], seconds: float) -> float:
    """Return the acts a second that as many callers as there are connections get done."""
    end, done = time.perf_counter() + seconds, 0

    async def one() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await act()
            done += 1

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return done / seconds


async def send(url: str, vendors: list[Vendor], owner: str) -> None:
    import aiohttp  # noqa: PLC0415 -- a benchmark's own; it comes with pyHanko

    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
        turn = turns(vendors)
        for _ in range(WARM):
            await Caller(session, url).save(*next(turn), time.perf_counter())
        paced = Caller(session, url)
        await sustained(paced, turn)
        print(f"{len(vendors)} vendors, {PACE} requests a second for {SECONDS} s")
        shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}
        print("  " + ", ".join(f"{n} {paced.percentile(s):.0f} ms" for n, s in shares.items()))
        print(f"  sent {len(paced.times)}, not acknowledged {paced.failed or 0}")
        burst = Caller(session, url)
        saves = await saturated(lambda: burst.save(*next(turn), time.perf_counter()), BURST)
        print(f"{CONNECTIONS} callers without a pause for {BURST} s")
        print(f"  {saves:.0f} answers saved a second, p95 {burst.percentile(0.95):.0f} ms")
        print(f"  not acknowledged {burst.failed or 0}")
        least = await saturated(burst.least, BURST / 3)
        print(
            f"  the least page of the same server: {least:.0f} a second; {saves / least:.2f} of it"
        )
    rows = bare_rows(owner, BURST / 3)
    print(f"  bare rows in PostgreSQL: {rows:.0f} a second; {saves / rows:.2f} of it")


def bare_rows(owner: str, seconds: float) -> float:
    """Return how often a second two rows of an answer's size are written and committed."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(owner, autocommit=True) as one:
        one.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, a uuid, b uuid, c bytea)")
    blob, end = os.urandom(len(TEXT) + 60), time.perf_counter() + seconds
    insert = "INSERT INTO bare (a, b, c) VALUES (gen_random_uuid(), gen_random_uuid(), %s)"

    def write(_number: int) -> int:
        done = 0
        with psycopg.connect(owner) as connection:
            while time.perf_counter() < end:
                connection.execute(insert, [blob])
                connection.execute(insert, [blob])
                connection.commit()
                done += 1
        return done

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(write, range(CONNECTIONS))) / seconds


def read_back(vendors: list[Vendor]) -> None:
    """Compare every acknowledged answer with what the database holds."""
    from apps.bids import selectors  # noqa: PLC0415
    from apps.bids.models import Answer  # noqa: PLC0415
    from apps.core import tenancy  # noqa: PLC0415

    checked = lost = 0
    for vendor in vendors:
        with tenancy.acting_as(person=vendor.person, organisation=vendor.organisation):
            held = {
                str(one.question_id): selectors.read_answer(one).value.strip()
                for one in Answer.objects.filter(bid=vendor.bid)
            }
        checked += len(vendor.kept)
        lost += sum(held.get(pk) != text.strip() for pk, text in vendor.kept.items())
    print(f"acknowledged answers read back {checked}, lost or different {lost}")
    assert not lost


def main() -> None:
    with private_product.running() as stack:
        began = time.perf_counter()
        vendors = seed()
        print(
            f"{VENDORS} bids of {QUESTIONS} questions made in {time.perf_counter() - began:.0f} s"
        )
        owner = stack.environment["DATABASE_OWNER_URL"]
        asyncio.run(send(f"http://127.0.0.1:{stack.port}", vendors, owner))
        read_back(vendors)


if __name__ == "__main__":
    main()
