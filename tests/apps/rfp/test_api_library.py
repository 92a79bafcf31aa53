"""What pages of the library and the builder do, by API: the same services, the same refusals."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.rfp.models import Question, Section
from apps.workspace.services import procurements
from tests.conftest import acting_for, sign_in
from tests.factories.rfp import make_rfp, question


class Api:
    """JSON in, JSON out, under one procurement."""

    def __init__(self, person, procurement) -> None:
        self.client = sign_in(person)
        self.base = f"/api/v1/procurements/{procurement}/rfp/"

    def __call__(self, method: str, path: str = "", data: object = None):
        if method == "get":
            return self.client.get(self.base + path, data)
        send = getattr(self.client, method)
        return send(self.base + path, json.dumps(data or {}), content_type="application/json")


@pytest.fixture
def rfp(buyer):
    with acting_for(buyer.lead) as lead:
        return make_rfp(buyer.procurement, lead)


@pytest.fixture
def api(buyer):
    return Api(buyer.lead, buyer.procurement.pk)


@pytest.fixture
def other_case(buyer):
    with acting_for(buyer.lead) as lead:
        return procurements.open_case(
            organisation=buyer.procurement.organisation,
            actor=lead,
            reference="CC-2028-02",
            title="Chat line",
            currency="GBP",
        )


def section_of(buyer, rfp, code):
    with acting_for(buyer.lead):
        return Section.objects.get(rfp=rfp, code=code).pk


def test_templates_are_kept_renamed_and_deleted(api, rfp):
    kept = api("post", "templates/", {"name": "Our standard"})
    assert kept.status_code == 201
    listed = api("get", "templates/").json()
    assert [(one["name"], one["questions"]) for one in listed["results"]] == [("Our standard", 6)]
    path = f"templates/{kept.json()['id']}/"
    assert api("put", path, {"name": "Standard 2", "note": "New"}).json()["name"] == "Standard 2"
    assert api("delete", path).status_code == 204
    assert api("get", "templates/").json()["count"] == 0


def test_a_copy_starts_from_a_source_of_the_list(api, rfp, buyer, other_case):
    offered = Api(buyer.lead, other_case.pk)("get", "sources/").json()
    (earlier,) = offered["earlier"]
    assert earlier["questions"] == 6
    copied = Api(buyer.lead, other_case.pk)("post", "", {"questionnaire": earlier["source"]})
    assert copied.status_code == 201
    assert sum(len(one["questions"]) for one in copied.json()["sections"]) == 6


def test_the_bank_is_searched_page_by_page_and_questions_taken(api, rfp, buyer):
    found = api("get", "bank/", {"search": "attrition", "page_size": "3"}).json()
    assert len(found["results"]) == 3 < found["count"]
    most = api("get", "bank/", {"page_size": "5000"}).json()
    assert len(most["results"]) == 100
    path = f"sections/{section_of(buyer, rfp, '1')}/bank/"
    taken = api("post", path, {"keys": [found["results"][0]["key"]]})
    assert (taken.status_code, len(taken.json()["codes"])) == (201, 1)
    assert api("post", path, {"keys": ["shipped:none:1"]}).status_code == 422


def test_packs_are_added_and_undone(api, rfp):
    assert api("post", "packs/", {"pack": "banking"}).json()["packs"] == ["banking"]
    last = api("get", "undo/").json()
    assert "added" in last["words"]
    assert api("post", "undo/", {"change": last["change"]}).json()["packs"] == []
    assert api("post", "undo/", {"change": last["change"]}).status_code == 412


def test_weights_are_proposed_seen_and_saved(api, rfp):
    wanted = {"weights": {"1": "70"}, "locked": []}
    proposed = api("post", "balance/", wanted).json()
    assert proposed == {"seen": {"1": "60", "2": "40"}, "weights": {"1": "70", "2": "30"}}
    assert api("put", "balance/", proposed).json() == proposed["weights"]
    assert api("put", "balance/", proposed).status_code == 412
    assert api("put", "weights/", {"weights": {"1": "50", "2": "30"}}).status_code == 200
    assert api("post", "weights/share-out/").json() == {"1": "63", "2": "37"}


def test_sections_and_questions_take_another_place(api, rfp, buyer):
    first = section_of(buyer, rfp, "1")
    changed = api("put", f"sections/{first}/", {"title": "Service", "weight": "60"})
    assert (changed.status_code, changed.json()["title"]) == (200, "Service")
    assert api("post", f"sections/{first}/move/", {"up": False}).status_code == 204
    with acting_for(buyer.lead):
        asked = question(rfp, "1.02").pk
        codes = list(Section.objects.filter(rfp=rfp).order_by("position").values_list("code"))
    assert codes == [("2",), ("1",), ("3",)]
    moved = api("put", f"questions/{asked}/place/", {"place": 1, "section": str(first)})
    assert (moved.status_code, moved.json()["section"]) == (200, "1")
    with acting_for(buyer.lead):
        order = Question.objects.filter(section_id=first).order_by("position")
        assert order.first().code == "1.02"
    assert api("delete", f"sections/{first}/").status_code == 204


def test_a_data_pack_is_filled_released_listed_and_downloaded(api, rfp):
    url = f"{api.base}data-pack/"
    held = api.client.post(url, {"file": SimpleUploadedFile("volumes.csv", b"day,calls\n1,10\n")})
    assert held.status_code == 201
    released = api("post", "data-pack/releases/", {"note": "Volumes of a year."})
    assert (released.status_code, released.json()["number"]) == (201, 1)
    (version,) = api("get", "data-pack/releases/").json()["results"]
    assert [one["name"] for one in version["files"]] == ["volumes.csv"]
    path = f"data-pack/files/{held.json()['id']}/"
    assert api("get", path).getvalue() == b"day,calls\n1,10\n"
    assert api("delete", path).status_code == 204
    assert api("get", "data-pack/").json()["results"] == []
    assert api("get", path).status_code == 200, "what was released stays"


WRITES = (
    ("post", "templates/", {"name": "A"}),
    ("put", "templates/{any}/", {"name": "A"}),
    ("delete", "templates/{any}/", {}),
    ("post", "packs/", {"pack": "banking"}),
    ("post", "sections/{section}/bank/", {"keys": []}),
    ("put", "sections/{section}/", {"title": "A", "weight": "1"}),
    ("delete", "sections/{section}/", {}),
    ("post", "sections/{section}/move/", {"up": True}),
    ("put", "questions/{question}/place/", {"place": 1}),
    ("post", "balance/", {"weights": {}}),
    ("put", "balance/", {"weights": {}, "seen": {}}),
    ("post", "weights/share-out/", {}),
    ("post", "undo/", {"change": str(uuid.UUID(int=1))}),
    ("post", "data-pack/releases/", {"note": "A"}),
    ("post", "addenda/", {}),
    ("get", "bank/", None),
    ("get", "undo/", None),
)
READS = ("sources/", "templates/", "data-pack/", "data-pack/releases/", "addenda/", "extensions/")


def paths(buyer, rfp):
    with acting_for(buyer.lead):
        known = {
            "any": uuid.UUID(int=1),
            "section": Section.objects.get(rfp=rfp, code="1").pk,
            "question": question(rfp, "1.01").pk,
        }
    return [(method, path.format(**known), data) for method, path, data in WRITES]


def test_who_is_not_the_lead_writes_nothing_and_strangers_find_nothing(
    buyer, other_buyer, vendor_a, rfp
):
    asked = paths(buyer, rfp)
    evaluator = Api(buyer.evaluator, buyer.procurement.pk)
    for method, path, data in asked:
        wanted = 404 if "0000" in path else 403
        assert (method, path, evaluator(method, path, data).status_code) == (method, path, wanted)
    for path in READS:
        assert (path, evaluator("get", path).status_code) == (path, 200)
    for stranger in (other_buyer.lead, vendor_a.owner):
        api = Api(stranger, buyer.procurement.pk)
        for method, path, data in (*asked, *(("get", path, None) for path in READS)):
            assert (method, path, api(method, path, data).status_code) == (method, path, 404)


def test_a_field_that_nobody_asked_for_is_refused_everywhere(api, buyer, rfp):
    for method, path, data in paths(buyer, rfp):
        if method in {"get", "delete"} or path == "addenda/" or "0000" in path:
            continue
        answer = api(method, path, {**(data or {}), "organisation": "mine"})
        assert (path, answer.status_code) == (path, 422)
        assert list(answer.json()["fields"]) == ["organisation"]
