"""What the repository promises about itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300  # lines of a module
# A module that is long for a reason is named here, with the reason.
LONG: set[str] = set()


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_contracts_between_packages_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_lock_files_name_no_address():
    for path in tracked("requirements"):
        assert not re.search(r"https?://|file:", path.read_text()), path.name


def test_no_file_names_a_path_of_one_machine():
    pattern = re.compile(r"(^|[^A-Za-z0-9._~-])/(work|root|tmp|home)/[a-z.]", re.MULTILINE)
    texts = (".py", ".toml", ".md", ".html", ".css", ".js", ".txt", ".json", ".yaml", ".sh")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if (path.suffix in texts or path.name == "run") and pattern.search(path.read_text())
        if path.name != "test_repository.py"
    ]
    assert found == []


def test_modules_stay_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("apps/*.py", "cceval/*.py")
        if "/migrations/" not in str(path)
        and (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert set(long) <= LONG, long


def test_the_readme_lists_every_variable():
    source = (ROOT / "cceval" / "env.py").read_text()
    read = set(re.findall(r'_(?:text|whole|truth|database|secret|origin)\("([A-Z_]+)"', source))
    read |= set(re.findall(r'_env\.list\("([A-Z_]+)"', source))
    table = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert read <= table, read - table


def test_ci_calls_the_command_of_the_readme():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "./run test"
    assert "./run test" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("claim", ["tamper-proof", "blockchain", "military-grade", "unbreakable"])
def test_nothing_claims_what_cannot_be_kept(claim):
    for path in tracked("templates", "docs", "README.md"):
        if path.suffix in {".html", ".txt", ".md"}:
            assert claim not in path.read_text().lower(), path


def test_what_follows_a_commit_is_a_named_function():
    """Django tells of a robust hook that failed by its name, and a partial has none: it would raise."""
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("apps/*.py", "cceval/*.py")
        if "on_commit(partial(" in "".join(path.read_text().split())
    ]
    assert found == []
