"""The scoring pages: what each role sees, saving with and without script, files, query budget."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.matrix.models import Assignment, Score
from apps.workspace.models import PanelMember
from apps.workspace.states import Interest
from tests.conftest import acting_for, make_vendor
from tests.factories import matrix as make


def at(stage, name, *args):
    return reverse(f"matrix:{name}", args=[stage.procurement.pk, *args])


def text(response) -> str:
    return html.unescape(response.content.decode())


def words(response) -> str:
    """The page as it is read: tags away, white space folded."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(response)).split())


@pytest.fixture
def letters(begun):
    return [begun.bid(0).letter, begun.bid(1).letter]


def test_before_a_round_the_lead_assigns_and_others_wait(opened, buyer, client_for):
    shown = client_for(buyer.lead).get(at(opened, "scoring"))
    assert shown.status_code == 200
    assert text(shown).count('type="checkbox"') == 4  # two sections, two evaluators
    assert "Begin scoring" in words(shown)
    other = client_for(buyer.evaluator).get(at(opened, "scoring"))
    assert "The lead assigns evaluators to sections first." in words(other)
    assert 'type="checkbox"' not in text(other)


def test_the_lead_begins_on_the_page_and_a_section_left_out_is_named(opened, buyer, client_for):
    client, given = client_for(buyer.lead), make.assignments(opened)
    data = {str(section): [str(one) for one in people] for section, people in given.items()}
    first = next(iter(data))
    refused = client.post(at(opened, "begin"), {**data, first: []})
    assert refused.status_code == 422
    assert "Choose at least one evaluator for Service and people." in text(refused)
    assert text(refused).count("checked") == 2  # what was chosen is kept
    done = client.post(at(opened, "begin"), data)
    assert (done.status_code, done["Location"]) == (302, at(opened, "scoring"))
    assert client.post(at(opened, "begin"), data).status_code == 409


def test_an_evaluator_sees_own_progress_and_who_leads_sees_counts(begun, buyer, client_for):
    with acting_for(buyer.evaluator2):
        Assignment.objects.filter(section__code="2", evaluator=buyer.evaluator2).delete()
    mine = client_for(buyer.evaluator).get(at(begun, "scoring"))
    assert "0 of 6 scored" in words(mine)
    assert "Jonas Berg" not in text(mine)
    for person in (buyer.lead, buyer.moderator, buyer.auditor):
        shown = words(client_for(person).get(at(begun, "scoring")))
        assert "Aisha Rahman 0 of 6 scored" in shown
        assert "Jonas Berg 0 of 4 scored" in shown


def test_who_has_not_declared_is_sent_to_the_dashboard_first(begun, buyer, client_for):
    with acting_for(buyer.lead):
        PanelMember.objects.filter(user=buyer.evaluator).update(
            interest=Interest.UNDECLARED, declared_at=None
        )
    client = client_for(buyer.evaluator)
    shown = client.get(at(begun, "scoring"))
    assert "Declare your interests first" in words(shown)
    assert reverse("workspace:procurement", args=[begun.procurement.pk]) in text(shown)
    assert "We hire in waves." not in text(client.get(at(begun, "question", "1.01")))


def test_a_question_shows_anchors_and_answers_as_given_under_letters(
    begun, buyer, client_for, letters
):
    shown = client_for(buyer.evaluator).get(at(begun, "question", "1.01"))
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "A plan that was carried out for two clients like us." in text(shown)
    assert page.count("Each wave has an owner &lt;b&gt;and&lt;/b&gt; a date.") == 2
    assert [name in words(shown) for name in (f"Bid {one}" for one in letters)] == [True, True]
    assert "6 of 15 points in a section that weighs 60% of quality" in words(shown)
    table = client_for(buyer.evaluator).get(at(begun, "question", "1.04"))
    assert text(table).count('<th scope="col">Site</th><th scope="col">Seats</th>') == 2
    assert text(table).count("<td>Leeds") == 2


def test_a_vendor_s_name_is_hidden_in_answers_and_file_names_until_the_lock(
    buyer, vendor_a, vendor_b, set_clock, client_for
):
    stage = make.opened(
        buyer, [vendor_a, vendor_b], set_clock, answers={0: {"1.01": "Velora Connect hires early."}}
    )
    make.begun(stage)
    client = client_for(buyer.evaluator)
    for code in ("1.01", "1.04", "2.02"):
        for name in ("Velora", "Castellan"):
            assert name not in text(client.get(at(stage, "question", code)))
    assert "[vendor] hires early." in words(client.get(at(stage, "question", "1.01")))
    links = re.findall(
        r'href="([^"]+/files/[^"]+)"', text(client.get(at(stage, "question", "2.02")))
    )
    answer = client.get(links[0])
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="bid-A-2.02-1.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"
    make.locked(make.agreed(make.in_consensus(make.scored(stage))))
    after = client.get(at(stage, "question", "2.02"))
    assert "Velora Connect continuity.pdf" in text(after)


def test_all_columns_are_saved_at_once_and_what_is_wrong_stays_as_typed(
    begun, buyer, client_for, letters
):
    client, (one, two) = client_for(buyer.evaluator), letters
    mixed = client.post(
        at(begun, "save_all", "1.01"),
        {
            f"{one}-value": "4",
            f"{one}-reason": "Meets anchor 4.",
            f"{one}-version": "0",
            f"{two}-value": "9",
            f"{two}-reason": "Off the scale <i>.",
            f"{two}-version": "0",
        },
    )
    assert mixed.status_code == 200  # an answer of 400 or more would undo what was right
    assert f"Bid {two}: Choose a score from 0 to 5, or abstain." in text(mixed)
    assert "Off the scale &lt;i&gt;." in mixed.content.decode()
    with acting_for(buyer.evaluator):
        assert [score.bid.letter for score in Score.objects.select_related("bid")] == [one]


def test_when_nothing_is_right_nothing_is_saved_and_the_answer_is_422(
    begun, buyer, client_for, letters
):
    client, (one, _two) = client_for(buyer.evaluator), letters
    refused = client.post(
        at(begun, "save_all", "1.01"), {f"{one}-value": "4", f"{one}-reason": " \n "}
    )
    assert refused.status_code == 422
    assert "Give a reason: what in the answer meets which anchor." in text(refused)
    with acting_for(buyer.evaluator):
        assert not Score.objects.exists()


def test_a_stale_form_is_shown_and_saving_again_replaces_knowingly(
    begun, buyer, client_for, letters
):
    client, one = client_for(buyer.evaluator), letters[0]
    url = at(begun, "save_all", "1.01")
    first = {f"{one}-value": "4", f"{one}-reason": "Meets anchor 4.", f"{one}-version": "0"}
    assert client.post(url, first).status_code == 302
    stale = client.post(url, {**first, f"{one}-value": "2", f"{one}-reason": "Second thought."})
    assert stale.status_code == 422
    assert "You changed this score in another window." in text(stale)
    assert "Second thought." in text(stale)
    version = re.search(rf'name="{one}-version" value="(\d+)"', text(stale))
    assert version is not None
    assert version[1] == "1"


def test_the_script_saves_one_judgement_and_learns_version_time_and_nudge(
    begun, buyer, client_for, letters
):
    client, (one, two) = client_for(buyer.evaluator), letters
    url = at(begun, "save", "1.01", one)
    given = {f"{one}-value": "3", f"{one}-reason": f"Weaker than bid {two} on dates."}
    headers = {"If-Match": '"0"', "Accept": "application/json"}
    saved = client.post(url, given, headers=headers)
    assert saved.status_code == 200
    assert saved.json()["version"] == 1
    assert saved.json()["nudge"] == f"Weaker than bid {two}"
    assert re.fullmatch(r"\d\d:\d\d:\d\d", saved.json()["saved"])
    stale = client.post(url, {**given, f"{one}-value": "2"}, headers=headers)
    assert (stale.status_code, stale.json()["current"]) == (412, {"version": 1})
    wrong = client.post(
        url, {f"{one}-value": "3"}, headers={"If-Match": '"1"', "Accept": "application/json"}
    )
    assert wrong.status_code == 422
    assert wrong.json()["detail"] == "Give a reason: what in the answer meets which anchor."
    page = client.get(at(begun, "question", "1.01"))
    assert f"Weaker than bid {two}” compares bids." in words(page).replace(" ”", "”")


def test_a_section_is_finished_on_the_page_or_refused_with_what_is_missing(
    begun, buyer, client_for
):
    client = client_for(buyer.evaluator)
    url = at(begun, "finish", begun.questions["2.02"].section_id)
    assert client.post(url).status_code == 422
    make.scored(begun)
    assert "Finish section" in words(client.get(at(begun, "scoring")))
    assert client.post(url).status_code == 302
    assert "Finished" in words(client.get(at(begun, "scoring")))


def test_strangers_vendors_and_other_roles_are_refused(begun, buyer, other_buyer, vendor_a, client_for, letters):  # fmt: skip
    pages = [at(begun, "scoring"), at(begun, "question", "1.01"), at(begun, "consensus")]
    for stranger in (other_buyer.lead, vendor_a.owner):
        client = client_for(stranger)
        assert [client.get(url).status_code for url in pages] == [404, 404, 404]
    executive = client_for(buyer.executive)
    assert [executive.get(url).status_code for url in pages] == [403, 403, 403]
    lead = client_for(buyer.lead)
    assert lead.post(at(begun, "save_all", "1.01"), {}).status_code == 403
    assert lead.post(at(begun, "save", "1.01", letters[0]), {}).status_code == 403
    assert client_for(buyer.evaluator).post(at(begun, "begin"), {}).status_code == 403
    assert lead.get(at(begun, "question", "9.99")).status_code == 404
    assert lead.get(at(begun, "question", "1.02")).status_code == 404  # scored by rule
    assert client_for(buyer.evaluator).post(at(begun, "save", "1.01", "Z"), {}).status_code == 404


def test_the_pages_read_the_database_equally_often_for_one_bid_and_for_three(
    buyer, other_buyer, set_clock, client_for
):
    counts = []
    for people, bidders in ((buyer, 1), (other_buyer, 3)):
        vendors = [make_vendor(f"Vendor {n}", people.organisation) for n in range(bidders)]
        stage = make.scored(make.begun(make.opened(people, vendors, set_clock)))
        client = client_for(people.evaluator)
        counts.append(
            [_queries(client, at(stage, *page)) for page in (("scoring",), ("question", "1.01"))]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= BUDGET


BUDGET = 40


def _queries(client, url) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_an_answer_that_was_not_asked_for_is_told_from_one_left_blank(
    buyer, vendors, set_clock, client_for
):
    """Asked, blank and not asked: a bid that is not asked says why, and waits for no score."""
    stage = make.opened(
        buyer,
        vendors,
        set_clock,
        extra=[("2", make.DRILLS)],
        answers={0: {"2.03": "Twice a year."}, 2: {"2.01": "60"}},
    )
    make.begun(stage)
    letters = [stage.bid(place).letter for place in range(3)]
    page = text(client_for(buyer.evaluator).get(at(stage, "question", "2.03")))
    columns = {
        letter: " ".join(re.sub(r"<[^>]+>", " ", part).split())
        for letter in letters
        for part in [page.split(f'aria-labelledby="bid-{letter}"')[1].split("</article>")[0]]
    }
    not_asked = "Not asked: this question is for bids in which the answer to 2.01 is less than 48."
    assert [not_asked in columns[letter] for letter in letters] == [False, False, True]
    assert ["Not answered" in columns[letter] for letter in letters] == [False, True, False]
    assert ["Abstain" in columns[letter] for letter in letters] == [True, True, False]
    with acting_for(buyer.evaluator) as evaluator:
        _held, every = make.cells(stage, evaluator)
    drills = {bid.letter for bid, question in every if question.code == "2.03"}
    assert drills == set(letters[:2])
