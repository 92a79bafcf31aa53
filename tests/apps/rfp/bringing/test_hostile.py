"""The worst files through the front door: refused in seconds with a sentence, nothing kept or saved."""

import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from apps.core.quarantine.refusals import SENTENCES
from tests.apps.core.quarantine.hostile import CORPUS
from tests.apps.core.quarantine.others import ods, ods_cell, ods_row, xls
from tests.apps.rfp.bringing.conftest import FOREIGN
from tests.plugin import cluster

FROM_CORPUS = (
    "a billion laughs", "a file as an entity", "two far corners", "a macro", "dde",
    "a steep part", "a size of 4 GiB", "a name that climbs", "an encrypted part",
    "an old or locked workbook", "three million cells", "nine million characters",
    "merged ranges over each other", "a picture from elsewhere", "a line of text",
)  # fmt: skip
OTHERS = {
    "macros by name": ("a.xlsm", FOREIGN, "macros"),
    "a program": ("a.exe", b"MZ", "kind"),
    "csv with a nul": ("a.csv", b"No\x00;Question", "not_csv"),
    "ods that repeats itself": (
        "a.ods", ods(ods_row(ods_cell("a", 16_384), repeated=1_048_576)), "broken",
    ),
    "xls with macros": ("a.xls", xls((("Q",),), other="_VBA_PROJECT"), "macros"),
    "json that is none": ("a.json", b"{", "no_json"),
    "json 2,000 deep": ("a.json", b"[" * 200_000, "deep"),
    "json with a name twice": ("a.json", b'{"sections": [], "sections": []}', "twins"),
    "yaml that refers to itself": ("a.yaml", b"a: &a [*a]", "aliases"),
    "yaml that runs something": ("a.yaml", b"!!python/object/apply:os.system [id]", None),
}  # fmt: skip


def refused(desk, answer, sentence: str) -> None:
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert desk.uploads() == 0


@pytest.mark.parametrize("name", FROM_CORPUS)
def test_a_hostile_workbook_is_refused_on_the_page(drafting, name):
    make, code, cell = CORPUS[name]
    before, content = drafting.form(), make()
    began = time.monotonic()
    answer = drafting.bring("theirs.xlsx", content)
    assert time.monotonic() - began < 25
    refused(drafting, answer, str(SENTENCES[code]).partition("{")[0])
    assert not cell or f"cell {cell}" in answer.content.decode()
    assert drafting.form() == before


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_another_kind_is_refused_on_the_page(drafting, name):
    given, content, code = OTHERS[name]
    sentence = str(SENTENCES[code]) if code else "laid out in a way that is not known here"
    refused(drafting, drafting.bring(given, content), sentence)


def test_a_file_over_the_limit_is_413(drafting):
    answer = drafting.bring("a.xlsx", b"PK\x03\x04" + bytes(settings.UPLOAD_LIMIT))
    assert answer.status_code == 413
    answer = drafting.bring("a.json", b" " * (3 << 20))
    assert (answer.status_code, drafting.uploads()) == (413, 0)


def test_no_file_and_an_empty_one_are_told(drafting):
    answer = drafting.client.post(drafting.url("import"), {})
    assert (answer.status_code, "Choose a file." in answer.content.decode()) == (422, True)
    refused(drafting, drafting.bring("a.xlsx", b""), "The file is empty.")


@pytest.mark.parametrize(
    "content",
    [
        b'{"sections": [{"title": "A", "questions": [{"text": "Q?", "kind": "date", "weight": "1e999999"}]}]}',
        b'{"sections": [{"title": "A", "questions": [{"text": "Q?", "kind": 7}]}]}',
        b'{"sections": [{"title": "A", "questions": [{"text": "Q?", "kind": "date", "auto": [1]}]}]}',
        b'{"sections": [{"title": ["A"], "weight": {}, "questions": [[]]}, 5]}',
        b'{"sections": [{"title": "A", "code": "1", "questions": [{"text": "Q?", "kind": "date", "scale": 1}]}]}',
    ],
)
def test_a_file_with_wrong_values_names_the_place(drafting, content):
    answer = drafting.bring("a.json", content)
    refused(drafting, answer, "sections[1]")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ('"code": "1.01", "kind": "hologram"', "Choose how vendors answer."),
        ('"code": "1.0123456789012", "kind": "date"', "Shorten this to 12 characters"),
        ('"code": "1.01", "kind": "date", "scale": ["0", "999999"]', "whole scores"),
        ('"code": "1.01", "kind": "date", "scale": ["5", "0"]', "whole scores"),
        ('"code": "1.01", "kind": "date", "options": [{"a": {"b": []}}]', "names: name, kind"),
        ('"code": "1.01", "kind": "date", "show_if": {"all": [[[]]]}', "names"),
    ],
)
def test_a_value_that_no_question_can_have_is_shown_and_not_imported(desk, question, sentence):
    content = f'{{"sections": [{{"title": "A", "questions": [{{"text": "Q?", {question}}}]}}]}}'
    desk.bring("a.json", content.encode(), start=True)
    page = desk.preview()
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert desk.take_in().status_code == 422
    assert not desk.form().codes


def test_two_sections_of_one_number_are_not_imported(desk):
    part = '{"title": "A", "code": "1", "questions": [{"text": "Q?", "kind": "date"}]}'
    desk.bring("a.json", f'{{"sections": [{part}, {part}]}}'.encode(), start=True)
    assert desk.take_in().status_code == 422


def test_a_formula_in_a_text_goes_out_as_a_text(drafting):
    formula = '=HYPERLINK("http://host.example","x")+cmd|\'/c calc\'!A0'
    content = f'No;Question\n1;"{formula.replace(chr(34), chr(34) * 2)}"\n'
    drafting.bring("theirs.csv", content.encode())
    drafting.take_in()
    assert drafting.form().parts[-1].items[0].text == formula
    drafting.bring("back.xlsx", drafting.client.get(drafting.url("workbook")).content)
    assert drafting.preview().context["page"].differences == ()


def test_one_file_of_a_person_is_read_at_a_time(drafting):
    """Another connection holds the lock that a reading holds."""
    name, key = connection.settings_dict["NAME"], f"upload {drafting.person.pk}"
    lock = f"SELECT pg_advisory_lock(hashtext('{key}')); SELECT pg_sleep(2)"
    other = threading.Thread(target=lambda: cluster().sql(lock, database=name))
    other.start()
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    while cluster().sql(locks).strip() == "0":
        time.sleep(0.05)
    answer = drafting.bring("theirs.xlsx", FOREIGN)
    assert answer.status_code == 429
    assert "Another file of yours is being read." in answer.content.decode()
    other.join()
    assert drafting.bring("theirs.xlsx", FOREIGN).status_code == 302


def test_what_is_kept_is_encrypted_and_goes_with_its_key(
    drafting, django_capture_on_commit_callbacks
):
    drafting.bring("theirs.xlsx", FOREIGN)
    upload = drafting.upload()
    kept = [Path(settings.FILES_DIR) / one[:2] / one for one in (upload.file, upload.found)]
    key = Path(settings.KEY_STORE) / f"upload-{upload.pk}"
    assert all(path.exists() for path in (*kept, key))
    assert not any(
        b"ISO 27001" in path.read_bytes() or path.read_bytes()[:2] == b"PK" for path in kept
    )
    with django_capture_on_commit_callbacks(execute=True):
        drafting.client.post(drafting.url("give-up-import", upload.pk))
    assert not any(path.exists() for path in (*kept, key))
