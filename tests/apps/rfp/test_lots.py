"""Lots of a draft: each weighs 100 by itself, is checked, published, copied and undone with the rest."""

import json

import pytest
from django.db import DatabaseError, transaction

from apps.core.errors import Incomplete, WrongState
from apps.core.quarantine.reading import read_workbook
from apps.rfp import selectors
from apps.rfp.models import Lot, Rfp, Section
from apps.rfp.selectors.changes import undoable
from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.freezing import content_of
from apps.rfp.selectors.weights import weight_tree
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services import amending, authoring, importing, starting, undoing
from apps.rfp.workbooks import export, filed, reading
from apps.rfp.workbooks.comparing import compare, differences
from apps.rfp.workbooks.form import digest_of, of_file, to_file
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.states import Role
from tests.factories.lots import NAMES, lot, make_lots_rfp
from tests.factories.rfp import make_rfp, publish, question, workload


@pytest.fixture
def draft(lead, procurement) -> Rfp:
    return make_lots_rfp(procurement, lead)


def codes(rfp) -> list[str]:
    return [one.code for one in completeness(rfp)]


def test_each_lot_weighs_a_hundred_with_the_sections_of_all_lots(draft):
    chapters = selectors.questionnaire(draft)
    for code, own in (("A", "4"), ("B", "5")):
        inside = selectors.chapters_of(chapters, lot(draft, code))
        assert [one.section.code for one in inside] == ["1", "2", "3", own]
        tree = weight_tree(draft, inside)
        shares = {one["id"]: one["weight"] for one in tree if one.get("parent") == "quality"}
        assert shares == {"section:1": "40", "section:2": "30", f"section:{own}": "30"}
    assert "section-weights" not in codes(draft)


def test_a_lot_that_misses_a_hundred_is_named_and_the_other_is_not_rescaled(draft, lead):
    authoring.weigh_sections(rfp=draft, weights={"5": "25"}, actor=lead)
    found = [one.sentence for one in completeness(draft) if one.code == "section-weights"]
    assert found == [
        "Lot B: Section weights add up to 95; they must add up to 100. Give out 5 more."
    ]
    assert Section.objects.get(rfp=draft, code="4").weight == 30
    with pytest.raises(WrongState, match="by themselves"):
        authoring.share_out(rfp=draft, actor=lead)


def test_a_question_cannot_hang_on_another_lots_question(draft, lead):
    authoring.edit_question(
        question=question(draft, "4.01"),
        actor=lead,
        condition={"question": "5.02", "op": "at_least", "value": "3"},
    )
    found = [one.sentence for one in completeness(draft) if one.code == "lot-of-question"]
    said = "Question 4.01 asks for 5.02, which vendors of another lot do not answer."
    assert found == [f"{said} Ask for a question of all lots instead."]


def test_every_lot_needs_its_workload_and_one_lot_is_none(draft, lead):
    third = authoring.add_lot(rfp=draft, name="Letters", actor=lead)
    assert third.code == "1"
    blockers = {one.code: one for one in completeness(draft)}
    assert blockers["workload"].sentence == "Lot 1: Set the workload that every vendor prices."
    assert blockers["workload"].query == "?lot=1"
    third.rfp = draft
    authoring.remove_lot(lot=third, actor=lead)
    assert "workload" not in codes(draft)
    with pytest.raises(WrongState, match="Sections 5 belong to this lot"):
        authoring.remove_lot(lot=lot(draft, "B"), actor=lead)
    authoring.assign_sections(rfp=draft, lots={"5": ""}, actor=lead)
    authoring.remove_lot(lot=lot(draft, "B"), actor=lead)
    assert "one-lot" in codes(draft)


def test_the_limit_is_published_and_cannot_exceed_the_lots(draft, lead):
    authoring.limit_lots(rfp=draft, most=3, actor=lead)
    assert "most-lots" in codes(draft)
    authoring.limit_lots(rfp=draft, most=1, actor=lead)
    assert content_of(draft)["most_lots"] == 1
    with pytest.raises(Incomplete, match="from 1"):
        authoring.limit_lots(rfp=draft, most=0, actor=lead)


def test_a_workload_is_of_a_lot_where_there_are_lots(draft, lead):
    with pytest.raises(WrongState, match="Name the lot"):
        authoring.set_workload(rfp=draft, content=workload(), actor=lead)


def test_publication_freezes_each_lot_with_its_own_weights_and_workload(draft, lead):
    rfp = publish(draft, lead)
    content = json.loads(rfp.frozen)
    assert [one["code"] for one in content["lots"]] == ["A", "B"]
    assert "nodes" not in content["award"]
    assert "workload" not in content
    queues = [one["workload"]["queues"][0]["name"] for one in content["lots"]]
    assert queues == ["voice-en", "chat-en"]
    caps = [one["price_params"]["cap"] for one in content["lots"]]
    assert caps == ["2200000", "1400000"]
    assert {one["code"]: one["lot"] for one in content["sections"]} == {
        **dict.fromkeys(("1", "2", "3")), "4": "A", "5": "B",
    }  # fmt: skip
    with pytest.raises(WrongState, match="frozen"):
        authoring.add_lot(rfp=rfp, name="Late", actor=lead)
    for change in (
        lambda: Lot.objects.filter(rfp=rfp).update(name="Other"),
        lambda: Section.objects.filter(rfp=rfp, code="4").update(lot=None),
        lambda: Rfp.objects.filter(pk=rfp.pk).update(most_lots=1),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()


def test_an_rfp_without_lots_publishes_what_it_always_did(lead, procurement):
    rfp = make_rfp(procurement, lead, published=True)
    content = json.loads(rfp.frozen)
    assert not {"lots", "most_lots"} & set(content)
    assert content["award"]["nodes"]
    assert "lot" not in content["sections"][0]
    assert content["workload"]


def test_an_addendum_keeps_lots_and_their_weights(draft, lead):
    rfp = publish(draft, lead)
    addendum = amending.start(rfp=rfp, actor=lead)
    asked = question(rfp, "4.01")
    amending.change_question(
        addendum=addendum, question=asked, text="How do you route every call?", actor=lead
    )
    addendum.refresh_from_db()
    addendum.rfp = rfp
    why = {"reason": "Clearer.", "consequence": "stands"}
    published = amending.publish(addendum=addendum, actor=lead, **why)
    told = selectors.published_addenda(published.rfp)[0].differences
    assert [one.code for one in told] == ["4.01"]
    assert json.loads(published.rfp.frozen)["lots"] == json.loads(rfp.frozen)["lots"]


def test_essential_offers_no_lots(draft, lead):
    with pytest.raises(Incomplete, match="Essential buys one whole"):
        authoring.set_preset(rfp=draft, preset="essential", actor=lead)


def test_the_linter_asks_each_lot_and_says_which(draft, lead):
    authoring.edit_lot(
        lot=lot(draft, "B"),
        name="Chat",
        price_params={"floor": "1000", "cap": "1000000000"},
        actor=lead,
    )
    found = {one.code: one for one in selectors.findings(draft, selectors.questionnaire(draft))}
    wide = found["price-limits-wide"]
    assert wide.where == ("Lot A: Absolute linear", "Lot B: Absolute linear")
    assert "From 200000 to 2200000" in wide.text
    assert "From 1000 to 1000000000" in wide.text


@pytest.mark.parametrize("act", ["add", "edit", "assign", "remove", "workload"])
def test_undo_takes_back_what_happened_to_lots(draft, lead, act):
    third = authoring.add_lot(rfp=draft, name="Letters", actor=lead)
    third.rfp = draft
    before = to_file(form_of(draft)), lot(draft, "A").workload
    acts = {
        "add": lambda: authoring.add_lot(rfp=draft, name="Post", actor=lead),
        "edit": lambda: authoring.edit_lot(lot=lot(draft, "A"), name="Telephone", actor=lead),
        "assign": lambda: authoring.assign_sections(rfp=draft, lots={"1": "A"}, actor=lead),
        "remove": lambda: authoring.remove_lot(lot=third, actor=lead),
        "workload": lambda: authoring.set_workload(
            rfp=draft, lot=lot(draft, "A"), content=workload(aht_s="100"), actor=lead
        ),
    }
    acts[act]()
    assert (to_file(form_of(draft)), lot(draft, "A").workload) != before
    undoing.undo(rfp=draft, change_id=undoable(draft).pk, actor=lead)
    assert (to_file(form_of(draft)), lot(draft, "A").workload) == before


def test_a_workbook_carries_lots_out_and_back(draft, lead):
    form = form_of(draft)
    read = reading.read(read_workbook(export.write(form)))
    assert read.form.lots == form.lots
    assert [part.lot for part in read.form.parts] == ["", "", "", "A", "B"]
    assert compare(form, read).differences == ()


def test_an_import_renames_a_lot_and_moves_a_section_to_another(draft, lead):
    held = form_of(draft)
    content = to_file(held)
    content["lots"][0]["name"] = "Telephone"
    content["sections"][3]["lot"] = "B"
    target = of_file(content)
    told = [
        (one.what, one.code, one.field, one.before, one.after) for one in differences(held, target)
    ]
    assert told == [("lot", "A", "name", "Voice", "Telephone"), ("section", "4", "lot", "A", "B")]
    importing.import_form(rfp=draft, target=target, seen=digest_of(held), actor=lead)
    assert lot(draft, "A").name == "Telephone"
    assert Section.objects.get(rfp=draft, code="4").lot == lot(draft, "B")


def test_an_import_of_a_section_of_an_unknown_lot_is_refused(draft, lead):
    content = to_file(form_of(draft))
    content["sections"][3]["lot"] = "Z"
    with pytest.raises(Incomplete, match="There is no lot Z"):
        importing.import_form(
            rfp=draft, target=of_file(content), seen=digest_of(form_of(draft)), actor=lead
        )


def test_a_questionnaire_file_brings_its_lots(draft):
    proposal = filed.propose(json.loads(json.dumps(to_file(form_of(draft)))))
    assert [(one.code, one.name) for one in proposal.form.lots] == list(NAMES.items())
    with pytest.raises(Incomplete, match="lots"):
        filed.propose({"sections": [], "lots": [{"code": "A"}]})
    twice = [{"code": "A", "name": "Voice"}, {"code": "A", "name": "Chat"}]
    with pytest.raises(Incomplete, match="given twice"):
        filed.propose({"sections": [], "lots": twice})


def test_a_template_and_a_copy_bring_lots_along(draft, lead, buyer):
    authoring.limit_lots(rfp=draft, most=1, actor=lead)
    template = authoring.save_template(rfp=draft, name="Two lots", actor=lead)
    for number, begin in enumerate(
        (
            lambda case: starting.start_from_template(
                procurement=case, template=template, actor=lead
            ),
            lambda case: starting.start_from_rfp(procurement=case, source=draft, actor=lead),
        )
    ):
        case = Procurement.objects.create(
            organisation=buyer.organisation, reference=f"N-{number}", title="Next", currency="GBP",
            owner=lead,
        )  # fmt: skip
        PanelMember.objects.create(
            organisation=buyer.organisation, procurement=case, user=lead, role=Role.LEAD
        )
        rfp = begin(case)
        assert to_file(form_of(rfp))["sections"] == to_file(form_of(draft))["sections"]
        assert [one.code for one in selectors.lots_of(rfp)] == ["A", "B"]
    assert rfp.most_lots == 1
    assert lot(rfp, "B").price_params == lot(draft, "B").price_params
    assert lot(rfp, "B").workload == {}


def test_a_new_price_formula_drops_the_lots_own_figures(draft, lead):
    authoring.set_terms(rfp=draft, actor=lead, price_formula="lowest-over-price", price_params={})
    assert lot(draft, "A").price_params == {}


def test_a_minimum_volume_of_a_lot_is_published_copied_and_in_no_other_lot(draft, lead, buyer):
    held = lot(draft, "B")
    for wrong in (0, "many", True):
        with pytest.raises(Incomplete) as refused:
            authoring.edit_lot(lot=held, name="Chat", least_contacts=wrong, actor=lead)
        assert list(refused.value.fields) == ["least_contacts"]
    for least in (None, 12_000):
        authoring.edit_lot(
            lot=held,
            name=held.name,
            price_params=held.price_params,
            least_contacts=least,
            actor=lead,
        )
        lots = content_of(draft)["lots"]
        assert [one.get("least_contacts") for one in lots] == [None, least]
        assert ("least_contacts" in lots[1]) is bool(least)
    case = Procurement.objects.create(
        organisation=buyer.organisation, reference="N-9", title="Next", currency="GBP", owner=lead
    )
    PanelMember.objects.create(
        organisation=buyer.organisation, procurement=case, user=lead, role=Role.LEAD
    )
    copied = starting.start_from_rfp(procurement=case, source=draft, actor=lead)
    assert lot(copied, "B").least_contacts == 12_000
    assert lot(copied, "A").least_contacts is None
