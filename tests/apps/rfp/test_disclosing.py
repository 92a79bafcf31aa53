"""What vendors learn of one another: two switches of a draft, published or not there at all."""

import json

import pytest
from django.db import DatabaseError, transaction

from apps.core.errors import Incomplete
from apps.rfp.forms.terms import TermsForm
from apps.rfp.models import Rfp
from apps.rfp.selectors.awarding import explains
from apps.rfp.selectors.freezing import content_of
from apps.rfp.services import authoring
from tests.apps.rfp.pages.visiting import terms_of
from tests.conftest import sign_in


def published(rfp):
    rfp.refresh_from_db()
    content = content_of(rfp)
    return {name: content[name] for name in ("explains", "names_published") if name in content}


def to_public(rfp, lead):
    return authoring.set_preset(rfp=rfp, preset="public", procedure="open", actor=lead)


def test_letters_explain_by_the_preset_until_somebody_says_otherwise(draft, lead):
    assert published(draft) == {}
    to_public(draft, lead)
    assert published(draft) == {"explains": "selected"}
    authoring.set_terms(rfp=draft, explains=False, actor=lead)
    assert published(draft) == {}
    authoring.set_preset(rfp=draft, preset="assured", actor=lead)
    authoring.set_terms(rfp=draft, explains=True, actor=lead)
    assert published(draft) == {"explains": "selected"}
    authoring.set_terms(rfp=draft, explains=None, actor=lead)
    assert published(draft) == {}


def test_the_list_of_names_is_a_public_tenders_alone_and_off_until_it_is_switched_on(draft, lead):
    with pytest.raises(Incomplete) as refused:
        authoring.set_terms(rfp=draft, names_published=True, actor=lead)
    assert refused.value.fields == {
        "names_published": "Only a public tender may show vendors each other's names."
    }
    to_public(draft, lead)
    assert "names_published" not in published(draft)
    authoring.set_terms(rfp=draft, names_published=True, actor=lead)
    assert published(draft)["names_published"] is True
    authoring.set_preset(rfp=draft, preset="assured", actor=lead)
    assert published(draft) == {}


@pytest.mark.parametrize("wrong", ["yes", 1, {}])
def test_a_switch_takes_yes_or_no(draft, lead, wrong):
    for name in ("explains", "names_published", "asks_cost_floor"):
        with pytest.raises(Incomplete) as refused:
            authoring.set_terms(rfp=draft, actor=lead, **{name: wrong})
        assert refused.value.fields == {name: "Say yes or no."}


def test_the_form_offers_names_to_public_tenders_and_keeps_the_preset_answer_open(draft, lead):
    private = TermsForm(facts=(), preset="assured", initial=TermsForm.initial_of(draft, ()))
    assert [field.name for field in private.switches()] == ["explains"]
    to_public(draft, lead)
    address = f"/p/{draft.procurement_id}/rfp/terms/"
    client = sign_in(draft.procurement.owner)
    assert "names_published" in client.get(address).content.decode()
    for said, kept in (("yes", None), ("no", False)):
        given = terms_of(draft, explains=said, names_published="yes", asks_cost_floor=said)
        assert client.post(address, given).status_code == 302
        held = Rfp.objects.get(pk=draft.pk)
        assert held.asks_cost_floor is (said == "yes")
        assert (held.explains, held.names_published) == (kept, True)
        assert explains(held) is (said == "yes")
    shown = client.get(f"/api/v1/procurements/{draft.procurement_id}/rfp/").json()
    switches = ("explains", "names_published", "asks_cost_floor")
    assert tuple(shown[name] for name in switches) == (False, True, False)


def test_published_switches_are_frozen(published_rfp):
    assert "explains" not in json.loads(published_rfp.frozen)
    for change in ({"explains": True}, {"names_published": True}, {"asks_cost_floor": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Rfp.objects.filter(pk=published_rfp.pk).update(**change)


@pytest.fixture
def published_rfp(request):
    return request.getfixturevalue("published")
