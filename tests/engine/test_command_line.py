"""``python -m apps.engine``: a record on standard output, or one sentence and status 2."""

import io
import json
import re
import subprocess
import sys

import pytest

from apps.engine.__main__ import main
from apps.engine.cases import run
from tests.engine.shipped import FILES, FOLDER, ROOT, example, kind_of


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_command_prints_the_record_of_a_case(file, capfdbinary):
    assert main([kind_of(file), str(file)]) == 0
    printed = capfdbinary.readouterr()
    assert printed.err == b""
    assert printed.out == run(kind_of(file), json.loads(file.read_text())).to_bytes() + b"\n"


def test_the_command_runs_in_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-m", "apps.engine", "walk", str(FOLDER / "walk.json")],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == run("walk", example("walk")).to_bytes() + b"\n"


def test_a_case_may_come_from_standard_input(monkeypatch, capfdbinary):
    raw = (FOLDER / "score-diagnostic.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert main(["score", "-"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["kind"] == "score"


def refusal(tmp_path, capfd, kind, content):
    case = tmp_path / "case.json"
    case.write_bytes(content)
    assert main([kind, str(case)]) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    return line.removeprefix(f"{case}: ")


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("walk", b"{}", "tree: Add this value; it is missing."),
        ("score", b"{}", "framework: Add this value; it is missing."),
        ("score", b"[]", "Give an object with named values here."),
        (
            "score",
            b'{"diagnostic": "roi", "currency": "EUR", "inputs": {"internal_cost": 1.5}}',
            'inputs.internal_cost: Write this number as text in quotes, for example "12.50".',
        ),
        (
            "score",
            b'{"diagnostic": "roi", "currency": "EUR", "inputs": {"internal_cost": NaN}}',
            'inputs.internal_cost: Write this number as text in quotes, for example "12.50".',
        ),
        ("walk", b'{"tree": 1, "tree": 2}', "tree: Give this name once; the file has it twice."),
    ],
)
def test_a_malformed_case_gets_one_sentence_with_the_path_of_the_field(
    tmp_path, capfd, kind, content, sentence
):
    assert refusal(tmp_path, capfd, kind, content) == sentence


def test_a_file_that_is_not_json_gets_one_sentence(tmp_path, capfd):
    sentence = refusal(tmp_path, capfd, "rank", b"vendors: none")
    assert sentence == (
        "Give a file of JSON text in UTF-8; Expecting value: line 1 column 1 (char 0)."
    )


def test_a_file_that_cannot_be_read_gets_one_sentence(tmp_path, capfd):
    missing = tmp_path / "none.json"
    assert main(["rank", str(missing)]) == 2
    assert capfd.readouterr().err == (
        f"{missing}: Name a file that can be read; No such file or directory.\n"
    )
    assert main(["rank", str(tmp_path)]) == 2
    assert capfd.readouterr().err == (
        f"{tmp_path}: Name a file that can be read; Is a directory.\n"
    )


# The README


def blocks():
    """Each command of the README with the JSON that follows it."""
    text = (ROOT / "docs/engine/README.md").read_text()
    found = re.findall(
        r"\$ python -m apps.engine (\w+) \S+/(\S+)\.json\n```\n\n```json\n(.+?)```", text, re.DOTALL
    )
    return {name: (kind, json.loads(block)) for kind, name, block in found}


def absent(part, whole, path=""):
    """Paths at which a shortened value says something else than the whole one."""
    if isinstance(part, dict) and isinstance(whole, dict):
        for name, value in part.items():
            yield from absent(value, whole.get(name, "nothing"), f"{path}.{name}")
    elif isinstance(part, list) and isinstance(whole, list) and len(part) <= len(whole):
        for place, value in enumerate(part):
            yield from absent(value, whole[place], f"{path}[{place}]")
    elif part != whole:
        yield path


def test_the_readme_runs_every_example():
    assert set(blocks()) == {file.stem for file in FILES}


@pytest.mark.parametrize("name", blocks())
def test_the_readme_shows_what_the_command_prints(name):
    kind, block = blocks()[name]
    assert list(absent(block, run(kind, example(name)).to_plain())) == []


def refusals():
    """Each command of the README that is refused, with the line that it prints."""
    text = (ROOT / "docs/engine/README.md").read_text()
    (block,) = re.findall(r"```console\n((?:\$ .+\n[^$`\n].*\n)+)```", text)
    return re.findall(r"\$ (.+)\n(.+)\n", block)


def test_every_command_of_the_readme_is_run():
    commands = re.findall(r"^\$ ", (ROOT / "docs/engine/README.md").read_text(), re.MULTILINE)
    assert len(commands) == len(blocks()) + len(refusals())


@pytest.mark.parametrize(("command", "line"), refusals())
def test_the_readme_shows_how_a_malformed_case_is_refused(command, line):
    done = subprocess.run(
        ["sh", "-c", command.replace("python", sys.executable)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{line}\n")


def test_an_unknown_kind_ends_with_status_2(capfd):
    with pytest.raises(SystemExit) as caught:
        main(["guess", "case.json"])
    assert caught.value.code == 2
    assert "invalid choice: 'guess'" in capfd.readouterr().err


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_any_name_misspelt_at_the_top_of_a_case_is_refused_by_its_path(file, tmp_path, capfd):
    case = json.loads(file.read_text()) | {"weigths": {}}
    sentence = refusal(tmp_path, capfd, kind_of(file), json.dumps(case).encode())
    assert sentence.startswith("weigths: ")
