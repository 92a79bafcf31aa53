"""The engine loads the standard library, numpy, scipy and itself, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for file in (ROOT / "apps/engine").rglob("*.py")
)
ALLOWED = {"apps", "numpy", "scipy"}
# Compiled parts of numpy and scipy register under names of their own, and the standard library's
# build data carries the name of the platform.
BUILT = ("_cython_", "cython_runtime", "_cyutility", "_sysconfigdata_")

PROGRAM = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
before = set(sys.modules)
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded(*names):
    """Modules that a fresh process loads with these, without what it starts with."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, str(ROOT), json.dumps(names)],
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def foreign(names):
    return sorted(
        name
        for name in names
        if (
            name.partition(".")[0] not in sys.stdlib_module_names | ALLOWED
            and not name.startswith(BUILT)
        )
        or (name.startswith("apps.") and not f"{name}.".startswith("apps.engine."))
    )


def test_every_module_of_the_engine_loads_only_what_it_may():
    found = loaded(*MODULES)
    assert [name for name in MODULES if name not in found] == []
    assert foreign(found) == []


# Each of these takes longer to load than the whole engine may add to the start of a command, and
# none is needed to read a case: scipy comes with the first formula that asks for it.
HEAVY = {"scipy", "pandas", "matplotlib", "numpy.testing", "numpy.f2py", "unittest", "asyncio"}


def test_importing_every_calculator_loads_numpy_and_nothing_as_heavy():
    found = loaded(*MODULES)
    assert "numpy" in found
    assert [
        name for name in found if any(f"{name}.".startswith(f"{heavy}.") for heavy in HEAVY)
    ] == []


def test_the_door_to_the_engine_loads_no_calculator():
    found = loaded("apps.engine.cases")
    assert [name for name in found if name.partition(".")[0] in {"numpy", "scipy", "django"}] == []


def test_readiness_diagnostics_and_decision_need_neither_numpy_nor_each_other():
    packages = {"readiness", "diagnostics", "decision", "matrix", "pricing"}
    for package in ("readiness", "diagnostics", "decision"):
        found = loaded(f"apps.engine.{package}.case")
        assert [name for name in found if name.partition(".")[0] in {"numpy", "scipy"}] == []
        assert {name.split(".")[2] for name in found if name.startswith("apps.engine.")} & (
            packages - {package}
        ) == set()
