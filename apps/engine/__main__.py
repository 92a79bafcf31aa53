"""The command line: ``python -m apps.engine rank|price|staff|score|walk CASE.json``.

Prints the record as JSON. A case that cannot be calculated gets one sentence on standard error,
with the path of the wrong field, and exit status 2. `-` reads the case from standard input.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from apps.engine.cases import KINDS, json_object, read_json, run
from apps.engine.errors import InvalidInput
from apps.engine.reading import Reader

REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    try:
        record = run(asked.kind, json_object(Reader(read_json(read_file(asked.case)))))
    except InvalidInput as error:
        sys.stderr.write(f"{asked.case}: {error}\n")
        return REFUSED
    sys.stdout.buffer.write(record.to_bytes() + b"\n")
    return 0


def parser() -> argparse.ArgumentParser:
    described = argparse.ArgumentParser(
        prog="python -m apps.engine",
        description="Calculates one case and prints its record as JSON.",
    )
    described.add_argument("kind", choices=tuple(KINDS), help="what to calculate")
    described.add_argument("case", metavar="CASE.json", help="the case file; - for standard input")
    return described


def read_file(name: str) -> bytes:
    """Return the bytes of a case file; the engine's one reading of files."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InvalidInput(f"Name a file that can be read; {error.strerror}.") from None


if __name__ == "__main__":  # pragma: no cover -- a test runs it in a process of its own
    sys.exit(main())
