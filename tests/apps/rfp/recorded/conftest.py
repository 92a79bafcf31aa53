"""Files of recorded intervals, made by hand."""

import datetime as dt

import pytest

from apps.core.quarantine.reading import read_file, understood
from apps.rfp.workbooks.stamps import Order
from apps.rfp.workbooks.understanding import Asked, understand

QUEUE = {
    "name": "voice-en",
    "aht_s": "300",
    "service_level": {"share": "0.8", "seconds": "20", "definition": "offered"},
    "max_occupancy": "0.85",
}


def lines(*rows: object) -> bytes:
    return "\n".join(map(str, rows)).encode()


def office(
    days: int = 14, *, start: str = "2025-03-03", head: str = "interval start,calls"
) -> list:
    """Half-hours from 9:00 to 17:00 on working days, 12 calls each."""
    first = dt.date.fromisoformat(start)
    rows = [head]
    for at in range(days):
        day = first + dt.timedelta(days=at)
        if day.weekday() < 5:
            rows += [f"{day} {half // 2:02}:{half % 2 * 30:02},12" for half in range(18, 34)]
    return rows


@pytest.fixture
def read():
    """Understand a CSV file as the service does, without a database."""

    def act(*rows, zone="Europe/London", order=Order.UNSAID, held=None, first_month=1, **queue):
        book = understood(read_file(lines(*rows), "csv"))
        asked = Asked(zone=zone, order=order, first_month=first_month, queue={**QUEUE, **queue})
        return understand(book, asked, held)

    return act


@pytest.fixture
def browser(client_for, buyer):
    return client_for(buyer.lead)
