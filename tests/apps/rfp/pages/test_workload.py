"""The workload on its page."""

from tests.apps.rfp.pages.visiting import fresh, made, url, week_form
from tests.factories.rfp import workload


def test_a_workload_is_pasted_and_shown_by_the_hour(buyer, browser):
    rfp = made(buyer)
    assert browser.post(url("workload", rfp), week_form()).url == url("workload", rfp)
    content = fresh(buyer, rfp).workload.content
    queue = content["queues"][0]
    assert (content["growth_per_year"], queue["max_occupancy"]) == ("0.025", "0.85")
    assert queue["service_level"] == {"share": "0.8", "seconds": "20", "definition": "offered"}
    assert [len(day) for day in queue["week"]] == [48] * 7
    page = browser.get(url("workload", rfp)).content.decode()
    assert "1,120 contacts a week" in page
    assert "80% within 20 s" in page


def test_a_second_queue_is_added_beside_the_first(buyer, browser):
    rfp = made(buyer)
    sent = week_form(queue="new", name="email-en", deferred="on", patience_s="")
    browser.post(url("workload", rfp), sent)
    queues = fresh(buyer, rfp).workload.content["queues"]
    assert [one["name"] for one in queues] == ["voice-en", "email-en"]
    assert queues[0] == workload()["queues"][0]
    assert (queues[1]["deferred"], "service_level" in queues[1]) == (True, False)


def test_a_workload_saved_unchanged_stays_the_same(buyer, browser):
    rfp = made(buyer)
    form = browser.get(url("workload", rfp)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    browser.post(
        url("workload", rfp),
        {name: value for name, value in sent.items() if value is not None and value is not False},
    )
    queue = fresh(buyer, rfp).workload.content["queues"][0]
    expected = workload()["queues"][0]
    assert queue["week"] == expected["week"]
    assert (queue["aht_s"], queue["minimum_seats"]) == (expected["aht_s"], 1)


UNREADABLE = (
    ({"week": "1 2 3"}, "Give seven lines, Monday first; there are 1."),
    ({"week": "\n".join(["1 2 3"] * 7)}, "Give at least 48 here; there are 3."),
    ({"week": ""}, "Paste the contacts of a typical week."),
    ({"aht_s": "five minutes"}, "Write digits with a point for decimals"),
    ({"max_occupancy": "120"}, "Give 1 or less; this is 1.2."),
    ({"share": "most"}, "Write digits with a point for decimals"),
    ({"minimum_seats": "two"}, "Enter a whole number."),
    ({"seasonality": "1 2 3"}, "Give at least 12 here; there are 3."),
)


def test_a_workload_that_cannot_be_read_is_shown_again(buyer, browser):
    rfp = made(buyer)
    for changes, sentence in UNREADABLE:
        answer = browser.post(url("workload", rfp), week_form(**changes))
        errors = answer.context["form"].errors
        found = [field for field in errors if sentence in str(errors[field])]
        assert (changes, answer.status_code, found) == (changes, 422, [next(iter(changes))])
    assert fresh(buyer, rfp).workload.content == workload()


MONTH = {
    "contacts": "4348.125",
    "shape": "even",
    "weekdays_from": "09:00",
    "weekdays_to": "17:00",
}


def test_a_week_is_worked_out_from_a_month_and_saved_by_a_person(buyer, browser):
    rfp = made(buyer)
    before = fresh(buyer, rfp).workload.content
    page = browser.get(url("workload", rfp), {**MONTH, "queue": "new"})
    form = page.context["form"]
    assert form["week"].value().splitlines()[0].split()[18:34] == ["12.5"] * 16
    assert form["source"].value() == (
        "Assumed, not recorded: 4348.125 contacts a month; Monday to Friday 09:00-17:00; evenly."
    )
    assert fresh(buyer, rfp).workload.content == before, "nothing is saved by looking"
    sent = week_form(queue="new", name="chat-en", week=form["week"].value())
    browser.post(url("workload", rfp), sent)
    assert "1,000 contacts a week" in browser.get(url("workload", rfp)).content.decode()


def test_a_month_that_does_not_fit_says_so_and_keeps_what_was_typed(buyer, browser):
    rfp = made(buyer)
    for changes, sentence in (
        ({"contacts": ""}, "Give the contacts of an average month."),
        ({"contacts": "0"}, "Give more than 0 contacts a month."),
        ({"weekdays_to": "08:00"}, "the end after the beginning"),
        ({"weekdays_from": "", "weekdays_to": ""}, "at least one day"),
        ({"weekdays_from": "soon"}, "Write the time as hours and minutes"),
    ):
        page = browser.get(url("workload", rfp), {**MONTH, **changes})
        assert sentence in page.content.decode()
        assert page.context["form"]["name"].value() == "voice-en"
