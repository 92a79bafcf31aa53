"""A questionnaire as a file, by API: the same services and the same refusals as the pages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.quarantine.reading import read_workbook
from apps.rfp.workbooks import reading
from tests.apps.rfp.bringing.conftest import FOREIGN, Desk


class Api:
    def __init__(self, desk: Desk) -> None:
        self.client, self.desk = desk.client, desk
        self.base = f"/api/v1/procurements/{desk.procurement.pk}/rfp/"

    def __call__(self, method: str, path: str, data: object = None):
        send = getattr(self.client, method)
        if method == "get":
            return send(self.base + path)
        return send(self.base + path, json.dumps(data or {}), content_type="application/json")

    def bring(self, name: str, content: bytes):
        return self.client.post(f"{self.base}imports/", {"file": SimpleUploadedFile(name, content)})


@pytest.fixture
def api(drafting) -> Api:
    return Api(drafting)


def test_the_draft_is_taken_out_as_a_workbook_and_as_a_file(api, drafting):
    workbook = read_workbook(api("get", "workbook/").content)
    assert reading.read(workbook).form.parts == drafting.form().parts
    content = json.loads(api("get", "questionnaire/").content)
    assert [one["code"] for one in content["sections"]] == ["1", "2", "3"]


def test_a_foreign_workbook_comes_in_step_by_step(api, drafting):
    made = api.bring("theirs.xlsx", FOREIGN)
    assert made.status_code == 201
    [layout] = made.json()["layouts"]
    assert (made.json()["needs_layout"], layout["sheet"], layout["header"]) == (
        True,
        "Questions",
        1,
    )
    assert layout["columns"]["question"] == 2
    place = f"imports/{made.json()['id']}/"
    chosen = {"sheet": "Questions", "header": 1, "columns": {"question": 2, "weight": 5}}
    assert api("put", f"{place}layout/", {"layouts": [chosen]}).status_code == 200
    compared = api("get", place).json()
    assert (compared["ways"], compared["counts"]["added"]) == (["add", "replace"], 3)
    assert [one["reason"] for one in compared["left"]] == [
        "Column A was not taken over: 3 cells.", "Column C was not taken over: 3 cells.",
        "Column D was not taken over: 1 cells.", "Column F was not taken over: 1 cells.",
    ]  # fmt: skip
    answer = api("post", place, {"way": "add", "seen": compared["seen"]})
    assert answer.status_code == 200
    assert len(answer.json()["sections"]) == 4
    assert drafting.uploads() == 0


def test_a_confirmation_of_something_else_is_409(api, drafting):
    place = f"imports/{api.bring('theirs.xlsx', FOREIGN).json()['id']}/"
    answer = api("post", place, {"way": "add", "seen": "0" * 64})
    assert (answer.status_code, drafting.uploads()) == (409, 1)
    assert "Compare it again" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        ({"sheet": "None such", "columns": {"question": 1}}, "This sheet is not in the file."),
        ({"sheet": "Questions", "columns": {"question": 9}}, "This column is empty."),
        ({"sheet": "Questions", "columns": {"queston": 1}}, "queston is none of them"),
        ({"sheet": "Questions", "columns": {}}, "Choose the column of the questions."),
        ({"sheet": "Questions", "columns": {"question": 0}}, "greater than or equal to 1"),
    ],
)
def test_a_layout_that_says_nothing_is_refused(api, layout, sentence):
    place = f"imports/{api.bring('theirs.xlsx', FOREIGN).json()['id']}/"
    answer = api("put", f"{place}layout/", {"layouts": [layout]})
    assert answer.status_code == 422
    assert sentence in str(answer.json()["fields"])


def test_a_file_that_cannot_be_read_is_problem_json(api, drafting):
    answer = api.bring("theirs.xlsx", b"hello")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["fields"]["file"].startswith("This is not an Excel workbook.")
    assert api("post", "imports/", {}).status_code == 415
    assert api.client.post(f"{api.base}imports/", {}).status_code == 422
    assert drafting.uploads() == 0


def test_a_file_is_forgotten_by_its_address(api, drafting):
    place = f"imports/{api.bring('theirs.xlsx', FOREIGN).json()['id']}/"
    assert api("delete", place).status_code == 204
    assert api("get", place).status_code == 404
