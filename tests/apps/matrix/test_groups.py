"""Groups of the panel read one after another: before its release a section is shut at every door."""

import html
import io
import json
import re
import zipfile
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.bids import selectors as bids
from apps.bids.models import GroupMember, GroupRelease, PanelGroup
from apps.bids.selectors.groups import groups_page, unread
from apps.bids.services import grouping
from apps.core.errors import Incomplete, NotAllowed, WrongState
from apps.core.models import AuditEvent, Mail
from apps.matrix import selectors
from apps.matrix.models import Score, ScoringRound
from apps.matrix.services import consensus, scoring
from apps.reports.selectors.commitment import course_of
from apps.workspace.models import Procurement
from tests.conftest import acting_for, make_buyer, make_vendor, sign_in
from tests.factories import matrix as make
from tests.factories import rfp as make_rfps
from tests.scenes import scene

CANARY = "canary-731902846155"  # in an answer of section 2, in every bid
OPEN = "lighthouse-204418827731"  # in an answer of section 1
WHY = "Operations is done; security reads now."


def arrange(stage, name, codes, *members, actor=None):
    actor = actor or stage.buyer.lead
    with acting_for(actor):
        held = {one.code: one.pk for one in stage.rfp.sections.all()}
        return grouping.arrange(
            procurement=Procurement.objects.get(pk=stage.procurement.pk),
            name=name,
            sections=[held[code] for code in codes],
            members=[one.pk for one in members],
            actor=actor,
        )


def release(stage, name="Security", note=WHY, actor=None):
    actor = actor or stage.buyer.lead
    with acting_for(actor):
        group = PanelGroup.objects.select_related("procurement__organisation").get(name=name)
        return grouping.release(group=group, note=note, actor=actor)


def arranged(stage):
    """Operations reads section 1 from the opening on, Security waits with section 2."""
    arrange(stage, "Operations", ["1"], stage.buyer.evaluator)
    arrange(stage, "Security", ["2"], stage.buyer.evaluator2)


def third_group(stage):
    """One more, whose sections were all taken out of the questionnaire."""
    with acting_for(stage.buyer.lead):
        group = PanelGroup.objects.create(
            organisation=stage.buyer.organisation,
            procurement=stage.procurement,
            name="People",
            position=3,
        )
        GroupMember.objects.create(
            organisation=stage.buyer.organisation, group=group, user=stage.buyer.evaluator
        )


EXTRA = (("1", make.SITES), ("2", {**make.DRILLS, "condition": {}}))
GIVEN = {"1.01": f"We hire in waves: {OPEN}.", "2.03": f"Twice a year: {CANARY}."}


def opened_in_groups(move, count=2):
    buyer = make_buyer()
    vendors = [make_vendor(f"Vendor {n}", buyer.organisation) for n in range(count)]
    return make.opened(
        buyer,
        vendors,
        move,
        extra=EXTRA,
        answers=dict.fromkeys(range(count), GIVEN),
        before_opening=arranged,
    )


@scene
def grouped(move):
    """Two bids are open, the panel reads in two groups; scoring has not begun."""
    return opened_in_groups(move)


@scene
def grouped_begun(move):
    stage = opened_in_groups(move)
    begin(stage)
    return stage


def begin(stage, **changed):
    with acting_for(stage.buyer.lead) as lead:
        sections = {one.code: one.pk for one in selectors.scored_sections(stage.procurement)}
        people = {"1": [stage.buyer.evaluator], "2": [stage.buyer.evaluator2], **changed}
        scoring.begin(
            procurement=make.fresh(stage).procurement,
            assignments={sections[code]: [p.pk for p in held] for code, held in people.items()},
            actor=lead,
        )


def judge(stage, person, section):
    with acting_for(person):
        held, every = make.cells(stage, person)
        for bid, question in every:
            if question.section.code == section:
                scoring.save(
                    scoring_round=held,
                    bid=bid,
                    question=question,
                    value=Decimal(3),
                    reason="Meets anchor 3.",
                    actor=person,
                )


def doors(stage):
    """Every address of a bid's content."""
    case = stage.procurement.pk
    codes = list(stage.questions)
    found = [reverse("bids:opened_bid", args=[case, bid.pk]) for bid in stage.bids]
    found += [reverse("matrix:question", args=[case, code]) for code in codes]
    found += [reverse("matrix:agreeing", args=[case, code]) for code in codes]
    found += [
        reverse(name, args=[case])
        for name in (
            *("bids:groups", "bids:opening", "bids:rulings", "bids:answers_workbook"),
            *("matrix:scoring", "matrix:consensus", "matrix:ranking", "matrix:record"),
            *("workspace:procurement", "workspace:record", "rfp:workbook"),
        )
    ]
    api = f"/api/v1/procurements/{case}"
    places = ("scoring", "scoring/scores", "consensus", "ranking", "opening", "groups", "rulings")
    found += [f"{api}/{place}/" for place in (*places, "opening/workbook")]
    return [*found, "/"]


def text_of(answer):
    body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as held:
            return "\n".join(held.read(one).decode(errors="replace") for one in held.namelist())
    return html.unescape(body.decode(errors="replace"))


def everything(client, stage):
    answers = [client.get(url) for url in doors(stage)]
    assert all(answer.status_code < 500 for answer in answers)
    return "\n".join(text_of(answer) for answer in answers)


@pytest.mark.parametrize("who", ["evaluator2", "evaluator", "moderator", "approver"])
def test_what_waits_is_behind_no_door_and_comes_with_the_release(
    grouped_begun, buyer, client_for, who
):
    client = client_for(getattr(buyer, who))
    before = everything(client, grouped_begun)
    assert CANARY not in before
    assert OPEN in before
    release(grouped_begun)
    assert CANARY in everything(client_for(getattr(buyer, who)), grouped_begun)


def test_who_releases_and_who_audits_read_ahead_unless_they_judge(grouped_begun, buyer, client_for):
    for person in (buyer.lead, buyer.auditor):
        assert CANARY in everything(client_for(person), grouped_begun)


def test_no_file_of_a_section_that_waits(grouped_begun, buyer, client_for):
    with acting_for(buyer.lead) as lead:
        held = bids.attachments_of(lead, grouped_begun.rfp)[grouped_begun.bids[0].pk]
    (file,) = held["2.02"]
    case, bid = grouped_begun.procurement.pk, grouped_begun.bids[0].pk
    url = reverse("bids:opened_file", args=[case, bid, file.sha256])
    assert client_for(buyer.evaluator2).get(url).status_code == 404
    beside = reverse("matrix:evidence", args=[case, "2.03", "A", file.sha256])
    assert client_for(buyer.evaluator2).get(beside).status_code == 409
    with acting_for(buyer.evaluator2) as person:
        assert bids.attachments_of(person, grouped_begun.rfp)[bid] == {}
    release(grouped_begun)
    assert client_for(buyer.evaluator2).get(url).status_code == 200


def test_a_question_that_waits_says_which_group_it_waits_with(grouped_begun, buyer, client_for):
    case = grouped_begun.procurement.pk
    answer = client_for(buyer.evaluator2).get(reverse("matrix:question", args=[case, "2.03"]))
    assert answer.status_code == 409
    assert "waits with the group Security" in answer.content.decode()
    page = client_for(buyer.evaluator2).get(reverse("matrix:scoring", args=[case]))
    assert "Waits for its group" in page.content.decode()
    assert "Start" not in page.content.decode()


def test_nothing_is_scored_or_finished_in_a_section_that_waits(grouped_begun, buyer):
    with pytest.raises(WrongState, match="waits with the group Security"):
        judge(grouped_begun, buyer.evaluator2, "2")
    with acting_for(buyer.evaluator2) as person, pytest.raises(WrongState, match="Security"):
        scoring.finish(
            scoring_round=grouped_begun.round_for(person),
            section=grouped_begun.questions["2.03"].section,
            actor=person,
        )


def test_the_database_refuses_a_score_ahead_and_a_consensus_ahead(grouped_begun, buyer):
    with acting_for(buyer.evaluator2) as person:
        held = grouped_begun.round_for(person)
        with pytest.raises(DatabaseError, match="not released"), transaction.atomic():
            Score.objects.create(
                organisation_id=held.organisation_id,
                scoring_round=held,
                bid=grouped_begun.bids[0],
                question=grouped_begun.questions["2.03"],
                evaluator=person,
                version=1,
                value=3,
                reason="Too early.",
            )
        with pytest.raises(DatabaseError, match="not released"), transaction.atomic():
            ScoringRound.objects.filter(pk=held.pk).update(phase="consensus")


def test_the_consensus_opens_when_every_group_is_released_and_has_scored(grouped_begun, buyer):
    judge(grouped_begun, buyer.evaluator, "1")
    with pytest.raises(Incomplete, match="its group waits for its release"):
        make.in_consensus(grouped_begun)
    release(grouped_begun)
    with pytest.raises(Incomplete, match="Jonas Berg: 4"):
        make.in_consensus(grouped_begun)
    judge(grouped_begun, buyer.evaluator2, "2")
    make.in_consensus(grouped_begun)
    with acting_for(buyer.moderator) as moderator:
        assert grouped_begun.round_for(moderator).phase == "consensus"
        consensus.adopt_unanimous(scoring_round=grouped_begun.round_for(moderator), actor=moderator)


def test_a_release_is_on_record_and_its_members_are_told(grouped_begun, buyer, client_for):
    made = release(grouped_begun)
    with acting_for(buyer.lead):
        told = json.loads(AuditEvent.objects.get(action="group.release").payload)["details"]
        assert list(
            Mail.objects.filter(event=f"bids.group_released:{made.pk}").values_list(
                "recipient", flat=True
            )
        ) == [buyer.evaluator2.email]
        assert GroupRelease.objects.get().released_by == buyer.lead
    assert (told["group"], told["note"]) == ("Security", WHY)
    front = client_for(buyer.evaluator2).get(
        reverse("workspace:procurement", args=[grouped_begun.procurement.pk])
    )
    assert "4 scores left" in front.content.decode()


def test_before_the_release_nothing_asks_a_member_to_score(grouped_begun, buyer, client_for):
    front = client_for(buyer.evaluator2).get(
        reverse("workspace:procurement", args=[grouped_begun.procurement.pk])
    )
    assert "scores left" not in front.content.decode()
    assert "Finish your sections" not in front.content.decode()


def test_the_lead_is_asked_to_release_once_those_before_have_scored(grouped_begun, buyer):
    def asked():
        with acting_for(buyer.lead) as lead:
            held = Procurement.objects.get(pk=grouped_begun.procurement.pk)
            return [one.title for one in selectors.todos(lead, held)]

    assert asked() == []
    with acting_for(buyer.evaluator) as person:
        seen = selectors.board(person, grouped_begun.round_for(person))
        for bid, question in seen.cells:
            if question.section.code == "1":
                scoring.save(
                    scoring_round=seen.scoring_round,
                    bid=bid,
                    question=question,
                    value=Decimal(3),
                    reason="Meets anchor 3.",
                    actor=person,
                )
    assert asked() == ["Release the group Security"]
    release(grouped_begun)
    assert asked() == []


def test_a_release_is_printed_on_the_reports(grouped_begun, buyer):
    with acting_for(buyer.lead):
        assert course_of(grouped_begun.rfp) == []
    release(grouped_begun)
    with acting_for(buyer.lead):
        (row,) = course_of(grouped_begun.rfp)
    assert row["label"] == "A group of the panel was released"
    assert row["value"].startswith("Security, sections 2: by ")
    assert row["value"].endswith(WHY)


def test_the_lead_finds_the_members_of_a_group_ticked_for_its_sections(grouped, buyer, client_for):
    url = reverse("matrix:scoring", args=[grouped.procurement.pk])
    page = client_for(buyer.lead).get(url).content.decode()
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
    ticked = [tag for tag in boxes if "checked" in tag]
    assert len(boxes) == 4
    assert [re.search(r'value="([^"]+)"', tag)[1] for tag in ticked] == [
        str(buyer.evaluator.pk),
        str(buyer.evaluator2.pk),
    ]


def test_groups_are_released_in_their_order_once_and_with_a_note(set_clock):
    buyer = make_buyer()

    def three(stage):
        arranged(stage)
        third_group(stage)

    vendors = [make_vendor("Velora", buyer.organisation)]
    stage = make.opened(buyer, vendors, set_clock, before_opening=three)
    with pytest.raises(WrongState, match="Release Security first"):
        release(stage, "People")
    with acting_for(buyer.lead) as lead:
        third = PanelGroup.objects.get(name="People")
        with pytest.raises(DatabaseError, match="one after another"), transaction.atomic():
            GroupRelease.objects.create(
                organisation_id=third.organisation_id, group=third, released_by=lead, note="Now."
            )
    with pytest.raises(Incomplete, match="Say in up to"):
        release(stage, note="  ")
    with pytest.raises(WrongState, match="reads already"):
        release(stage, "Operations")
    release(stage)
    with pytest.raises(WrongState, match="reads already"):
        release(stage)
    release(stage, "People")


def test_only_a_lead_arranges_and_releases(grouped_begun, buyer):
    for person in (buyer.evaluator, buyer.moderator, buyer.opener, buyer.auditor):
        with pytest.raises(NotAllowed):
            release(grouped_begun, actor=person)
        with pytest.raises(NotAllowed):
            arrange(grouped_begun, "Mine", ["1"], buyer.evaluator, actor=person)


def test_after_the_opening_groups_stand_and_members_of_one_that_waits_change(grouped, buyer):
    with pytest.raises(WrongState, match="groups and their sections stand"):
        arrange(grouped, "Late", ["1"], buyer.evaluator)
    with acting_for(buyer.lead) as lead:
        first, second = PanelGroup.objects.select_related("procurement").order_by("position")
        with pytest.raises(WrongState, match="stand"):
            grouping.remove(group=second, actor=lead)
        with pytest.raises(WrongState, match="reads already"):
            grouping.reseat(group=first, members=[buyer.evaluator2.pk], actor=lead)
        with pytest.raises(DatabaseError, match="groups stand"), transaction.atomic():
            first.members.all().delete()
        with pytest.raises(DatabaseError, match="groups stand"), transaction.atomic():
            second.sections.all().delete()
        people = [buyer.evaluator.pk, buyer.evaluator2.pk]
        grouping.reseat(group=second, members=people, actor=lead)
        assert set(second.members.values_list("user", flat=True)) == set(people)


def test_sections_of_a_group_are_assigned_to_its_members(grouped, buyer):
    with pytest.raises(Incomplete) as refused:
        begin(grouped, **{"2": [buyer.evaluator, buyer.evaluator2]})
    (sentence,) = refused.value.fields.values()
    assert sentence.endswith("is scored by its group. Choose its members.")
    begin(grouped)


@pytest.fixture
def draft(buyer):
    """An RFP in preparation."""
    with acting_for(buyer.lead) as lead:
        rfp = make_rfps.make_rfp(buyer.procurement, lead)
        return make.Stage(buyer, make.fresh(make.Stage(buyer, rfp, {})), {})


def test_what_cannot_be_a_group_is_refused_in_a_sentence(draft, buyer):
    arrange(draft, "Operations", ["1"], buyer.evaluator)
    for name, codes, people, field, sentence in (
        ("Second", ["1"], [buyer.evaluator], "sections", "is in the group Operations already"),
        ("Second", [], [buyer.evaluator], "sections", "Choose at least one section"),
        ("Second", ["2"], [], "members", "Choose at least one evaluator"),
        ("Second", ["2"], [buyer.lead], "members", "Choose at least one evaluator"),
        ("Operations", ["2"], [buyer.evaluator], "name", "There is a group of this name"),
        (" ", ["2"], [buyer.evaluator], "name", "Give the group a name"),
    ):
        with pytest.raises(Incomplete) as refused:
            arrange(draft, name, codes, *people)
        assert sentence in refused.value.fields[field]
    with acting_for(buyer.lead):
        assert PanelGroup.objects.count() == 1


def test_a_group_that_is_removed_gives_its_place_and_its_sections_back(draft, buyer):
    arrange(draft, "Operations", ["1"], buyer.evaluator)
    arrange(draft, "Security", ["2"], buyer.evaluator2)
    with acting_for(buyer.lead) as lead:
        first = PanelGroup.objects.select_related("procurement").get(position=1)
        grouping.remove(group=first, actor=lead)
        page = groups_page(lead, draft.procurement)
        assert [(one.group.name, one.group.position) for one in page.groups] == [("Security", 1)]
        assert "1" in [one.code for one in page.whole]


def test_without_groups_nothing_waits(begun, buyer):
    with acting_for(buyer.evaluator) as person:
        assert unread(person, begun.rfp) == frozenset()
        assert not selectors.board(person, begun.round_for(person)).waiting


def test_the_page_asks_as_much_for_three_groups_as_for_one(draft, buyer):
    client = sign_in(buyer.lead)
    url = reverse("bids:groups", args=[draft.procurement.pk])

    def asked():
        client.get(url)
        with CaptureQueriesContext(connection) as held:
            assert client.get(url).status_code == 200
        return len(held)

    with acting_for(buyer.lead):
        codes = [one.code for one in draft.rfp.sections.filter(envelope="technical")]
    arrange(draft, "Operations", codes[:1], buyer.evaluator)
    one = asked()
    arrange(draft, "Security", codes[1:2], buyer.evaluator, buyer.evaluator2)
    third_group(draft)
    assert asked() == one


def test_the_page_arranges_and_releases_and_keeps_what_was_typed(draft, buyer, client_for):
    client, case = client_for(buyer.lead), draft.procurement.pk
    with acting_for(buyer.lead):
        section = draft.rfp.sections.get(code="1")
    typed = {"name": "Operations", "sections": [section.pk], "members": []}
    refused = client.post(reverse("bids:arrange_group", args=[case]), typed)
    assert refused.status_code == 422
    assert 'value="Operations"' in refused.content.decode()
    typed["members"] = [buyer.evaluator.pk]
    assert client.post(reverse("bids:arrange_group", args=[case]), typed).status_code == 302
    shown = client.get(reverse("bids:groups", args=[case])).content.decode()
    assert "1. Operations" in shown
    assert "Aisha Rahman" in shown
    assert (
        client_for(buyer.evaluator)
        .post(reverse("bids:arrange_group", args=[case]), typed)
        .status_code
        == 403
    )


def test_the_page_releases(grouped_begun, buyer, client_for):
    case = grouped_begun.procurement.pk
    with acting_for(buyer.lead):
        group = PanelGroup.objects.get(name="Security")
    url = reverse("bids:release_group", args=[case, group.pk])
    assert client_for(buyer.evaluator).post(url, {"note": WHY}).status_code == 403
    client = client_for(buyer.lead)
    assert client.post(url, {"note": ""}).status_code == 422
    assert client.post(url, {"note": WHY}).status_code == 302
    assert WHY in client.get(reverse("bids:groups", args=[case])).content.decode()


def test_by_api_groups_are_read_by_the_panel_and_released_by_a_lead(
    grouped_begun, buyer, client_for
):
    url = f"/api/v1/procurements/{grouped_begun.procurement.pk}/groups/"
    held = client_for(buyer.evaluator).get(url).json()["groups"]
    assert [(one["name"], one["sections"], one["released"]) for one in held] == [
        ("Operations", ["1"], True),
        ("Security", ["2"], False),
    ]
    place, given = f"{url}{held[1]['id']}/release/", {"note": WHY}
    kind = "application/json"
    assert client_for(buyer.evaluator).post(place, given, content_type=kind).status_code == 403
    done = client_for(buyer.lead).post(place, given, content_type=kind)
    assert done.status_code == 201
    assert [one["released"] for one in done.json()["groups"]] == [True, True]
    assert client_for(buyer.lead).post(place, given, content_type=kind).status_code == 409


def test_by_api_a_group_gets_other_members_or_goes_before_the_opening(draft, buyer, client_for):
    arrange(draft, "Operations", ["1"], buyer.evaluator)
    lead, kind = client_for(buyer.lead), "application/json"
    url = f"/api/v1/procurements/{draft.procurement.pk}/groups/"
    place = f"{url}{lead.get(url).json()['groups'][0]['id']}/"
    given = {"members": [str(buyer.evaluator2.pk)]}
    assert client_for(buyer.evaluator).put(place, given, content_type=kind).status_code == 403
    assert client_for(buyer.evaluator).delete(place).status_code == 403
    (seated,) = lead.put(place, given, content_type=kind).json()["groups"]
    assert seated["members"] == given["members"]
    assert lead.put(place, {"members": []}, content_type=kind).status_code == 422
    assert lead.delete(place).status_code == 204
    assert lead.get(url).json()["groups"] == []
