"""What a file of recorded intervals is understood as, and what it is refused for."""

import pytest

from apps.core.errors import Incomplete
from apps.rfp.workbooks.stamps import Order
from tests.apps.rfp.recorded.conftest import office


def test_half_hours_become_a_typical_week(read):
    found = read(*office())
    (queue,) = found.content["queues"]
    assert queue["name"] == "voice-en"
    assert queue["week"][0][18:34] == ["12"] * 16
    assert sum(map(float, queue["week"][5] + queue["week"][6])) == 0
    assert found.counts.interval_minutes == 30
    assert not found.doubts


def test_queues_stand_in_a_column_of_their_own_with_their_handle_time(read):
    rows = ["Date;Time;Skill;Language;Calls offered;AHT (s)"]
    for day in range(3, 8):
        rows += [f"{day:02}.03.2025;09:00;claims;de;{10 + day};200"]
        rows += [f"{day:02}.03.2025;09:00;sales;de;5;100", f"{day:02}.03.2025;09:30;sales;de;5;300"]
    found = read(*rows)
    by_name = {queue["name"]: queue for queue in found.content["queues"]}
    assert by_name["sales"]["aht_s"] == "200"
    assert by_name["claims"]["language"] == "de"
    assert by_name["claims"]["week"][0][18] == "13"


def test_queues_stand_in_columns_each(read):
    found = read("start,voice,chat", "2025-03-03 09:00,4,2", "2025-03-03 09:15,4,2")
    assert [queue["name"] for queue in found.content["queues"]] == ["chat", "voice"]
    assert found.counts.interval_minutes == 15


def test_a_queue_that_is_known_keeps_how_it_is_answered(read):
    level = {"share": "0.9", "seconds": "10", "definition": "offered"}
    held = {
        "interval_minutes": 30,
        "growth_per_year": "0.03",
        "queues": [
            {"name": "voice-en", "week": [], "aht_s": "250", "service_level": level},
            {"name": "e-mail", "week": ["kept"], "aht_s": "600", "deferred": True},
        ],
    }
    found = read(*office(), held=held)
    email, voice = found.content["queues"]
    assert email["week"] == ["kept"]
    assert (voice["service_level"], voice["aht_s"]) == (level, "250")
    assert found.content["growth_per_year"] == "0.03"


def test_a_year_gives_seasons_from_the_first_month_of_the_contract(read):
    rows = office(364, start="2025-01-06")
    rows = [row.replace(",12", ",24") if row.startswith("2025-12") else row for row in rows]
    january, april = (read(*rows, first_month=at).content["seasonality"] for at in (1, 4))
    assert january.index(max(january, key=float)) == 11
    assert april.index(max(april, key=float)) == 8
    assert "seasonality" not in read(*office()).content


def test_an_hour_that_autumn_repeats_is_read_twice_and_named(read):
    night = [f"2025-10-{day} 0{hour}:00,6" for day in (19, 26) for hour in range(4)]
    found = read("start,calls", *night, "2025-10-26 01:00,10")
    assert found.counts.doubled == ("2025-10-26",)
    assert found.content["queues"][0]["week"][6][1] == "7.33"  # 6, 6 and 10


def test_offsets_tell_the_same_repeated_hour(read):
    found = read(
        "start,calls",
        "2025-10-26T01:00:00+01:00,6",
        "2025-10-26T01:00:00+00:00,10",
        "2025-10-26T02:00:00+00:00,4",
    )
    assert found.content["queues"][0]["week"][6][1] == "8"


def test_utc_is_put_on_the_clock_of_the_centre(read):
    found = read("timestamp,calls", "2025-07-07T08:00:00Z,9", zone="Europe/Berlin")
    assert found.content["queues"][0]["week"][0][10] == "9"


def test_days_are_read_as_the_file_shows_them(read):
    assert read("start,calls", "03/31/2025 09:00,4").counts.order == Order.MONTH
    assert read("start,calls", "31/03/2025 09:00,4").counts.order == Order.DAY
    said = read("start,calls", "03/04/2025 9:00 AM,4", order=Order.DAY)
    assert said.queues[0].record.days[0].isoformat() == "2025-04-03"


def test_agents_of_old_are_compared_with_the_contacts_in_hand(read):
    rows = ["start,calls,agents", "2025-03-03 09:00,12,3", "2025-03-03 09:30,12,1"]
    busy, over = read(*rows).doubts
    assert "work for 2 agents on average, and 2 were there" in busy.replace(".0", "")
    assert "in 1 intervals, first 2025-03-03 09:30" in over


def test_a_surge_is_named_that_the_week_does_not_hold(read):
    rows = office(56)
    rows = [row.replace(",12", ",180") if row[:10] == "2025-03-12" else row for row in rows]
    (doubt,) = read(*rows).doubts
    assert "2025-03-12" in doubt


def test_gaps_are_said_and_not_filled_with_zeros(read):
    rows = office(28)
    rows[5] = rows[5].removesuffix("12")
    del rows[20]
    rows.append("2025-03-31 09:00,3")
    remarks = " ".join(read(*rows).remarks)
    assert "1 empty counts (first row 6) are missing, not zero" in remarks
    assert "2 intervals are missing, the first 2025-03-03 11:00" in remarks
    assert "1 days were recorded in part and are left out: 2025-03-31" in remarks


def test_partial_bins_are_kept_as_they_stand(read):
    found = read(
        "interval_start,calls,n_5min_bins", "2025-03-03 09:00,60,6", "2025-03-03 09:30,7,1"
    )
    assert found.content["queues"][0]["week"][0][19] == "7"
    assert "(row 3)" in " ".join(found.remarks)


REFUSED = (
    (("what,ever", "1,2"), "There is no row of headings with a time and a count"),
    (("start,calls",), "nothing below the headings"),
    (("start,calls", "soon,4"), "Row 2: Write the date as 2025-03-31; “soon” is none."),
    (("start,calls", "2025-02-30 09:00,4"), "Row 2: There is no such day"),
    (("start,calls", "2025-03-03 29:00,4"), "Row 2: Write the time an interval begins"),
    (("start,calls", "2025-03-03 09:07,4"), "Row 2: 07 min is on no quarter of an hour"),
    (("start,calls", "2025-03-03 09:00,many"), "Row 2, column “calls”: Write a number"),
    (
        ("start,calls", "2025-03-03 09:00,-3"),
        "Row 2, column “calls”: Give a count of 0 or more; this is -3",
    ),
    (("start;calls", "2025-03-03 09:00;1,050"), "1,050 can be read in two ways"),
    (("start,calls", "2025-03-03 09:00,0"), "Give counts with at least one contact"),
    (("start,calls", "03/04/2025 09:00,4"), "Row 2: Say whether the day or the month comes first"),
    (
        ("start,calls", "31/03/2025 09:00,4", "03/31/2025 09:30,4"),
        "Row 3: The dates put the day first in row 2 and the month first here",
    ),
    (
        ("start,calls", "2025-03-03 09:00,4", "2025-03-03 09:00,5"),
        "Row 3: Queue “voice-en” has 2025-03-03 09:00 twice, first in row 2",
    ),
    (
        ("start,calls", *(f"2025-10-26 01:00,{n}" for n in range(3))),
        "Row 4: Queue “voice-en” has 2025-10-26 01:00 twice, first in row 3",
    ),
    (
        ("start,calls", "2025-03-30 01:30,4"),
        "Row 2: 01:30 does not exist on 2025-03-30 in Europe/London",
    ),
    (
        ("start,calls", "2025-07-07T09:00+01:00,4", "2025-07-07T09:00+05:30,4"),
        "Row 3: The offset is not that of Europe/London at this time",
    ),
    (
        ("start,calls", "2025-07-07T09:00+01:00,4", "2025-07-07T09:30,4"),
        "Row 3: Write all times with an offset such as +01:00, or none of them",
    ),
    (
        ("start,queue,calls", "2025-03-03 09:00," + "q" * 61 + ",4"),
        "Row 2: Give the queue a name of up to 60 characters",
    ),
)


@pytest.mark.parametrize(("rows", "sentence"), REFUSED)
def test_what_cannot_be_read_names_its_place_and_the_remedy(read, rows, sentence):
    with pytest.raises(Incomplete) as caught:
        read(*rows)
    assert sentence in caught.value.sentence


def test_a_handle_time_is_asked_for_where_the_file_has_none(read):
    with pytest.raises(Incomplete) as caught:
        read(*office(), aht_s="")
    assert list(caught.value.fields) == ["aht_s"]


def test_counts_of_another_interval_do_not_join_other_queues(read):
    held = {"interval_minutes": 15, "queues": [{"name": "e-mail", "week": []}]}
    with pytest.raises(Incomplete, match="counts by 30 minutes"):
        read(*office(), held=held)
