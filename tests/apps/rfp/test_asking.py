"""What vendors price and until when: the workload and the deadline of a draft."""

import datetime as dt

import pytest

from apps.core import clock
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent
from apps.rfp import selectors
from apps.rfp.models import OwnCost, Round, Workload
from apps.rfp.services import authoring, rounds
from tests.conftest import acting_for
from tests.factories.rfp import workload

IN_HOUSE = {
    "model": "per_fte",
    "rates": {"unit": "hour", "billable_hour": "paid", "rate": "17.40"},
    "shrinkage": {"base": "additive", "parts": [{"name": "Leave", "share": "0.12"}]},
}


def in_days(days: float) -> dt.datetime:
    return clock.database_now() + dt.timedelta(days=days)


def refusal(draft, lead, **values) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        authoring.set_workload(rfp=draft, actor=lead, **values)
    return refused.value.fields


def test_a_workload_is_stored_as_the_engine_reads_it_and_replaces_the_one_before(draft, lead):
    authoring.set_workload(
        rfp=draft, actor=lead, content=workload(aht_s="240"), source="Call records"
    )
    held = Workload.objects.get(rfp=draft)
    assert held.content == workload(aht_s="240")
    assert held.source == "Call records"
    assert selectors.workload_of(draft).content["queues"][0]["aht_s"] == "240"


def test_in_house_cost_is_kept_as_one_more_quote(draft, lead):
    authoring.set_workload(rfp=draft, actor=lead, content=workload(), in_house=IN_HOUSE)
    assert OwnCost.objects.get(rfp=draft).quote == {
        "id": "in-house",
        "vendor": "In-house",
        "in_house": True,
        **IN_HOUSE,
    }


UNREADABLE = (
        ([], "Give the workload as an object with named values."),
        ({}, "interval_minutes: Add this value; it is missing."),
        (workload(aht_s="0"), "queues[0].aht_s: Give 1 or more; this is 0."),
        (workload(aht_s=300.5),
         'queues[0].aht_s: Write this number as text in quotes, for example "12.50".'),
        (workload(week=[["1"] * 48] * 6), "queues[0].week: Give at least 7 here; there are 6."),
        (workload(week=[["1"] * 47] * 7), "queues[0].week[0]: Give at least 48 here; there are 47."),
        (workload(max_occupancy="1.2"), "queues[0].max_occupancy: Give 1 or less; this is 1.2."),
        (workload(colour="red"), None),
    )  # fmt: skip


def test_a_workload_the_engine_cannot_read_is_refused_with_its_place(draft, lead):
    for content, sentence in UNREADABLE:
        fields = refusal(draft, lead, content=content)
        assert list(fields) == ["content"]
        assert sentence in {None, fields["content"]}
    assert Workload.objects.get(rfp=draft).content == workload()


def test_an_in_house_cost_the_engine_cannot_read_is_refused(draft, lead):
    broken = {**IN_HOUSE, "rates": {"unit": "hour", "rate": "17.40"}}
    assert list(refusal(draft, lead, content=workload(), in_house=broken)) == ["in_house"]
    named = {**IN_HOUSE, "colour": "red"}
    assert list(refusal(draft, lead, content=workload(), in_house=named)) == ["in_house"]
    assert not OwnCost.objects.exists()


def test_an_in_house_cost_is_replaced_and_removed_with_the_workload(draft, lead):
    dearer = {**IN_HOUSE, "rates": {**IN_HOUSE["rates"], "rate": "19.40"}}
    for own in (IN_HOUSE, dearer):
        authoring.set_workload(rfp=draft, actor=lead, content=workload(), in_house=own)
    assert OwnCost.objects.get().quote["rates"]["rate"] == "19.40"
    authoring.set_workload(rfp=draft, actor=lead, content=workload())
    assert not OwnCost.objects.exists()


def test_a_draft_without_workload_is_blocked(draft, lead):
    Workload.objects.get(rfp=draft).delete()
    draft.refresh_from_db()
    assert [
        (one.sentence, one.url_name)
        for one in selectors.completeness(draft)
        if one.code == "workload"
    ] == [("Set the workload that every vendor prices.", "rfp:workload")]


def test_the_workload_of_a_published_rfp_stands(published, lead):
    with pytest.raises(WrongState, match="its content is frozen"):
        authoring.set_workload(rfp=published, actor=lead, content=workload())


def test_the_deadline_of_a_draft_moves_both_ways(draft, lead):
    for days in (30, 5):
        closes_at = in_days(days)
        held = authoring.set_deadline(
            rfp=draft,
            closes_at=closes_at,
            zone="Europe/Lisbon",
            grace=dt.timedelta(seconds=90),
            actor=lead,
        )
        assert (held.closes_at, held.zone) == (closes_at, "Europe/Lisbon")
        assert held.grace == dt.timedelta(seconds=90)
    assert Round.objects.filter(rfp=draft).count() == 1
    assert AuditEvent.objects.filter(action="rfp.set_deadline").count() == 3


NO_DEADLINE = (
        ({"zone": "Mars/Olympus"},
         {"zone": "Choose the time zone of the deadline, for example Europe/London."}),
        ({"closes_at": dt.datetime(2030, 1, 1)},  # noqa: DTZ001 -- what is refused here
         {"closes_at": "Give the deadline with its time zone."}),
        ({"closes_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
         {"closes_at": "Give a deadline in the future."}),
        ({"grace": dt.timedelta(hours=2)}, {"grace": "Give a grace of up to one hour."}),
        ({"grace": dt.timedelta(seconds=-1)}, {"grace": "Give a grace of up to one hour."}),
    )  # fmt: skip


def test_a_deadline_that_makes_no_sense_is_refused(draft, lead):
    before = Round.objects.get(rfp=draft).closes_at
    for changes, fields in NO_DEADLINE:
        given = {"closes_at": in_days(3), "zone": "Europe/London", **changes}
        with pytest.raises(Incomplete) as refused:
            authoring.set_deadline(rfp=draft, actor=lead, **given)
        assert (changes, refused.value.fields) == (changes, fields)
    assert Round.objects.get(rfp=draft).closes_at == before


def test_a_deadline_that_has_passed_blocks_publication(draft, set_clock):
    set_clock(draft.round.closes_at + dt.timedelta(seconds=1))
    assert [one.sentence for one in selectors.completeness(draft) if one.code == "deadline"] == [
        "The deadline has passed. Set one in the future."
    ]


def test_the_deadline_of_a_published_rfp_is_not_set_again(published, lead):
    with pytest.raises(WrongState, match="its content is frozen"):
        authoring.set_deadline(
            rfp=published, closes_at=in_days(2), zone="Europe/London", actor=lead
        )


def test_the_database_itself_refuses_to_set_a_published_deadline(published):
    with pytest.raises(WrongState):
        rounds.schedule(
            rfp=published, closes_at=in_days(2), grace=dt.timedelta(0), zone="Europe/London"
        )


def test_only_the_lead_sets_the_deadline(draft, buyer):
    with acting_for(buyer.opener) as user, pytest.raises(NotAllowed):
        authoring.set_deadline(rfp=draft, closes_at=in_days(2), zone="Europe/London", actor=user)
