"""The readiness pages: begin, answer by pillar, sign off, history; and the same by API."""

import hashlib
import re
from html import unescape

import pytest
from django.urls import reverse

from apps.readiness.models import Assessment, AssessmentAnswer
from tests.factories import bids as bid_factory
from tests.factories import readiness

pytestmark = pytest.mark.django_db
JSON = "application/json"


def url(buyer, name="assessment", *rest):
    return reverse(f"readiness:{name}", args=[buyer.procurement.pk, *rest])


def text_of(response):
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


PILLAR = ("crm_access", "routing", "sign_on", "data_feed", "change_speed")


def form_of(**changes):
    """What the form of the first pillar sends with the demo's answers."""
    sent = {}
    for slug in PILLAR:
        sent[f"level-{slug}"] = str(readiness.ANSWERS[slug].level)
        sent[f"evidence-{slug}"] = readiness.ANSWERS[slug].evidence
    return {**sent, **changes}


def test_an_assessment_goes_from_the_choice_to_the_signature(buyer, client_for, acting):
    assessor, lead = client_for(buyer.evaluator), client_for(buyer.lead)
    assert "Not assessed yet" in text_of(assessor.get(url(buyer)))
    begun = assessor.post(url(buyer, "begin"), {"framework": "outsourcing_readiness"})
    with acting(buyer.lead):
        assessment = Assessment.objects.get()
    assert begun["Location"] == url(buyer, "answer", assessment.pk)
    saved = assessor.post(begun["Location"], form_of(go_on="1"))
    assert saved["Location"] == f"{url(buyer, 'answer', assessment.pk)}?pillar=knowledge"
    with acting(buyer.lead):
        assert AssessmentAnswer.objects.count() == len(PILLAR)
    words = text_of(lead.get(url(buyer)))
    assert "18 to 93 of 100 so far: 15 answers are missing" in words
    assert "Sign off the assessment" in words
    assert lead.post(url(buyer, "sign_off", assessment.pk)).status_code == 302
    words = text_of(lead.get(url(buyer)))
    assert "signed off by Ines Kovac" in words
    assert "Sign off the assessment" not in words


def test_the_page_shows_pillars_evidence_and_the_digest_of_the_record(buyer, client_for):
    signed = readiness.signed(buyer)
    client = client_for(buyer.executive)
    words = text_of(client.get(url(buyer)))
    assert "Weir Valley Homes scores 72 of 100: Hybrid . Closing 4 gaps reaches Ready." in words
    for given in readiness.ANSWERS.values():
        assert given.evidence in words
    assert signed.digest[:32] in words
    assert "defaults of this product to edit, no benchmark" in words
    raw = client.get(url(buyer, "record", signed.pk))
    assert hashlib.sha256(raw.content).hexdigest() == signed.digest
    assert raw["Content-Disposition"] == 'attachment; filename="readiness-1.record.json"'


def test_a_draft_has_no_record_to_hand_out(buyer, client_for):
    assessment = readiness.begin(buyer)
    assert client_for(buyer.lead).get(url(buyer, "record", assessment.pk)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"evidence-routing": ""}, "evidence-routing", "Say what shows this level"),
        ({"level-routing": "9"}, "level-routing", "Choose one of the levels."),
        ({"evidence-routing": "x" * 4001}, "evidence-routing", "Shorten the evidence"),
    ],
)
def test_a_wrong_answer_is_shown_beside_its_question_and_nothing_is_saved(
    buyer, client_for, acting, changes, field, sentence
):
    assessment = readiness.begin(buyer)
    answer = client_for(buyer.evaluator).post(
        url(buyer, "answer", assessment.pk), form_of(**changes)
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert f'id="id_{field}_error"' in answer.content.decode()
    with acting(buyer.lead):
        assert AssessmentAnswer.objects.count() == 0


def test_a_form_drawn_before_somebody_elses_answer_keeps_what_was_typed(buyer, client_for):
    assessment = readiness.begin(buyer)
    client, place = client_for(buyer.evaluator), url(buyer, "answer", assessment.pk)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(place).content.decode())[1]
    readiness.answer(buyer, assessment, {"routing": readiness.ANSWERS["routing"]})
    answer = client.post(place, form_of(**{"seen": seen, "evidence-crm_access": "Typed by me."}))
    assert answer.status_code == 412
    assert "Somebody answered here meanwhile." in text_of(answer)
    assert "Typed by me." in text_of(answer)


def test_a_question_can_be_left_open_again(buyer, client_for, acting):
    assessment = readiness.answer(buyer, readiness.begin(buyer))
    sent = form_of(**{"level-routing": "", "evidence-routing": ""})
    assert client_for(buyer.lead).post(url(buyer, "answer", assessment.pk), sent).status_code == 302
    with acting(buyer.lead):
        assert AssessmentAnswer.objects.get(question="routing").level is None


def test_earlier_assessments_stay_readable_by_their_number(buyer, client_for):
    readiness.signed(buyer, oversight=0)
    readiness.signed(buyer)
    client = client_for(buyer.auditor)
    words = text_of(client.get(f"{url(buyer)}?number=1"))
    assert "scores 68 of 100" in words
    assert "Superseded" in words
    assert client.get(f"{url(buyer)}?number=3").status_code == 404
    assert client.get(f"{url(buyer)}?framework=nothing").status_code == 404


def test_once_signed_off_the_form_is_a_409(buyer, client_for):
    signed = readiness.signed(buyer)
    client = client_for(buyer.lead)
    assert client.get(url(buyer, "answer", signed.pk)).status_code == 409
    assert client.post(url(buyer, "answer", signed.pk), form_of()).status_code == 409
    assert client.post(url(buyer, "sign_off", signed.pk)).status_code == 409


def test_who_may_not_gets_403_and_a_stranger_404(buyer, other_buyer, client_for):
    assessment = readiness.begin(buyer)
    for user in (buyer.approver, buyer.executive, buyer.auditor, buyer.opener):
        client = client_for(user)
        assert client.get(url(buyer)).status_code == 200
        assert client.post(url(buyer, "begin")).status_code == 403
        assert client.get(url(buyer, "answer", assessment.pk)).status_code == 403
    assert (
        client_for(buyer.evaluator).post(url(buyer, "sign_off", assessment.pk)).status_code == 403
    )
    stranger = client_for(other_buyer.lead)
    assert stranger.get(url(buyer)).status_code == 404
    for name in ("answer", "sign_off", "record"):
        assert stranger.get(url(buyer, name, assessment.pk)).status_code in {404, 405}
        assert stranger.post(url(buyer, name, assessment.pk)).status_code == 404


def test_choosing_no_framework_is_a_422(buyer, client_for):
    answer = client_for(buyer.lead).post(url(buyer, "begin"), {"framework": "nothing"})
    assert answer.status_code == 422


def test_the_page_costs_the_same_queries_for_one_assessment_and_for_three(buyer, client_for):
    client = client_for(buyer.lead)
    readiness.signed(buyer)
    count = bid_factory.queries(client, url(buyer))
    readiness.signed(buyer, oversight=5)
    readiness.signed(buyer, oversight=3)
    assert bid_factory.queries(client, url(buyer)) == count


# By API


def at(buyer, rest=""):
    return f"/api/v1/procurements/{buyer.procurement.pk}/readiness/outsourcing_readiness/{rest}"


def test_the_api_begins_answers_and_signs_off(buyer, client_for):
    client = client_for(buyer.lead)
    assert client.get(at(buyer)).status_code == 404
    assert client.post(at(buyer), {}, content_type=JSON).status_code == 201
    for slug, given in readiness.ANSWERS.items():
        body = {"level": given.level, "evidence": given.evidence}
        assert client.put(at(buyer, f"answers/{slug}/"), body, content_type=JSON).status_code == 200
    signed = client.post(at(buyer, "sign-off/"), {}, content_type=JSON).json()
    assert signed["result"]["total"] == {"lo": "72", "hi": "72", "of": "100"}
    assert signed["result"]["band"] == "hybrid"
    assert hashlib.sha256(signed["record"].encode()).hexdigest() == signed["digest"]
    again = client.post(at(buyer, "sign-off/"), {}, content_type=JSON)
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")


def test_the_api_refuses_with_the_place_of_the_fault(buyer, other_buyer, client_for):
    readiness.begin(buyer)
    client = client_for(buyer.lead)
    wrong = client.put(
        at(buyer, "answers/routing/"), {"level": 7, "evidence": "x"}, content_type=JSON
    )
    assert wrong.status_code == 422
    assert wrong.json()["fields"] == {"routing.level": "Choose a level from 0 to 5."}
    assert client_for(other_buyer.lead).get(at(buyer)).status_code == 404
    assert client_for(buyer.approver).post(at(buyer), {}, content_type=JSON).status_code == 403
    assert (
        client_for(buyer.evaluator).post(at(buyer, "sign-off/"), {}, content_type=JSON).status_code
        == 403
    )
