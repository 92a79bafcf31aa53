"""Home, case file, panel, record: who sees them, and what bad input gets."""

import pytest

from apps.core.models import AuditEvent
from apps.workspace.models import PanelMember, Procurement
from apps.workspace.services import panel, procurements
from apps.workspace.states import Interest, Role
from tests.conftest import acting_for


def paths(case):
    return [f"/p/{case.pk}/", f"/p/{case.pk}/panel/", f"/p/{case.pk}/record/"]


def test_the_lead_sees_the_case_file(buyer, procurement, client_for):
    client = client_for(buyer.lead)
    for path in ["/", "/procurements/new/", "/account/", *paths(procurement)]:
        assert client.get(path).status_code == 200, path


def test_for_another_tenant_and_for_vendors_it_does_not_exist(
    procurement, other_buyer, vendor_a, client_for
):
    for stranger in (other_buyer.lead, vendor_a.owner):
        for path in paths(procurement):
            assert client_for(stranger).get(path).status_code == 404, path


def test_a_panel_member_without_the_role_is_refused_and_recorded(buyer, procurement, client_for):
    answer = client_for(buyer.executive).post(
        f"/p/{procurement.pk}/panel/appoint/", {"user": buyer.lead.pk, "role": "auditor"}
    )
    assert answer.status_code == 403
    with acting_for(buyer.lead):
        refused = AuditEvent.objects.filter(refused=True, actor=buyer.executive)
        assert [event.action for event in refused] == ["refused.workspace:appoint"]


def test_an_address_that_only_takes_a_form_says_so_to_a_browser(buyer, procurement, client_for):
    path = f"/p/{procurement.pk}/panel/appoint/"
    answer = client_for(buyer.lead).get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "It only takes what a form sends." in answer.content.decode()
    assert client_for(buyer.lead).get(path, headers={"Accept": "*/*"}).content == b""


def test_the_overview_says_how_things_stand(buyer, procurement, client_for):
    page = client_for(buyer.lead).get(f"/p/{procurement.pk}/").content.decode()
    assert "First in the ranking" not in page
    assert "Nothing waits for you" not in page
    assert "Manage" in page
    assert "Manage" not in client_for(buyer.executive).get(f"/p/{procurement.pk}/").content.decode()


def test_a_case_needs_a_title_a_reference_and_a_currency(buyer, client_for):
    answer = client_for(buyer.lead).post("/procurements/new/", {"title": "", "currency": "pounds"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Give the procurement a title." in text
    assert "Give the procurement a reference of your own." in text


def test_a_reference_is_used_once(buyer, procurement, client_for):
    answer = client_for(buyer.lead).post(
        "/procurements/new/",
        {"title": "Again", "reference": procurement.reference, "currency": "GBP"},
    )
    assert answer.status_code == 422
    assert "Another procurement has this reference" in answer.content.decode()
    with acting_for(buyer.lead):
        assert Procurement.objects.count() == 1


def test_opening_a_case_makes_its_lead(buyer, client_for):
    answer = client_for(buyer.evaluator).post(
        "/procurements/new/", {"title": "Night line", "reference": "N-1", "currency": "gbp"}
    )
    assert answer.status_code == 302
    with acting_for(buyer.evaluator):
        case = Procurement.objects.get(reference="N-1")
        assert case.currency == "GBP"
        assert [m.role for m in case.panel.all()] == [Role.LEAD]


def test_a_case_is_never_without_a_lead(buyer, procurement, client_for):
    with acting_for(buyer.lead):
        member = PanelMember.objects.get(procurement=procurement, role=Role.LEAD)
    answer = client_for(buyer.lead).post(f"/p/{procurement.pk}/panel/{member.pk}/dismiss/")
    assert answer.status_code == 409
    assert "A procurement needs a lead." in answer.content.decode()


def test_an_evaluator_declares_and_a_conflict_needs_a_note(buyer, procurement, client_for):
    client, path = client_for(buyer.evaluator), f"/p/{procurement.pk}/panel/declare/"
    assert (
        client.post(path, {"conflict": "yes", "note": " ", "confidential": "on"}).status_code == 422
    )
    assert (
        client.post(
            path, {"conflict": "yes", "note": "I own shares.", "confidential": "on"}
        ).status_code
        == 302
    )
    with acting_for(buyer.lead):
        member = PanelMember.objects.get(procurement=procurement, user=buyer.evaluator)
        assert member.interest == Interest.CONFLICT


@pytest.mark.parametrize("cases", [1, 3])
def test_the_list_of_procurements_has_a_constant_query_count(
    buyer, client_for, django_assert_num_queries, cases
):
    with acting_for(buyer.lead) as lead:
        for number in range(cases - 1):
            procurements.open_case(
                organisation=buyer.organisation,
                reference=f"Q-{number}",
                title="Another",
                currency="GBP",
                actor=lead,
            )
    client = client_for(buyer.lead)
    with django_assert_num_queries(12):
        assert client.get("/").content.count(b'scope="row"') == cases


def test_appointing_twice_changes_nothing(buyer, procurement):
    with acting_for(buyer.lead) as lead:
        first = panel.appoint(
            procurement=procurement, user=buyer.executive, role=Role.AUDITOR, actor=lead
        )
        again = panel.appoint(
            procurement=procurement, user=buyer.executive, role=Role.AUDITOR, actor=lead
        )
        assert first.pk == again.pk
        assert AuditEvent.objects.filter(action="panel.appoint").count() == 1
