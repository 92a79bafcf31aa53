"""What a stranger does with a signed PDF: read it, check its signature, change a byte."""

import re
import subprocess
import sys
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

POINTS = re.compile(r"(\d+\.\d)")
PLACE = re.compile(
    r"^\s*(\d)\s+([A-E])\s+(\S.*?)\s{2,}(\d+\.\d)\s+(\d+\.\d)\s+(\d+\.\d)", re.MULTILINE
)


@dataclass(frozen=True)
class Place:
    rank: str
    vendor: str
    quality: str
    price: str
    total: str


def text_of(file: Path) -> str:
    """Return the text of a PDF as poppler reads it, lines as they stand on the page."""
    done = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    )
    return done.stdout


def places_in(text: str) -> list[Place]:
    """Return the lines of the ranking table, the first one wins."""
    return [
        Place(rank, vendor, quality, price, total)
        for rank, _letter, vendor, quality, price, total in PLACE.findall(text)
    ]


def signature_of(file: Path) -> str:
    """Return what poppler says about the signatures of a file."""
    return subprocess.run(["pdfsig", file], check=False, capture_output=True, text=True).stdout


def with_one_bit_changed(file: Path) -> Path:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    changed = file.with_name(f"changed-{file.name}")
    changed.write_bytes(content)
    return changed


def verified_offline(file: Path, certificate: Path) -> subprocess.CompletedProcess[str]:
    """Check a report with the verifier that needs nothing of the service."""
    command = [sys.executable, "-m", "apps.proof.verifier.cli", file, "--certificate", certificate]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def whole_pounds(amount: str) -> str:
    """Round an amount of a page as the report does: £459,187.99 becomes £459,188."""
    pounds = Decimal(amount.removeprefix("£").replace(",", "")).quantize(Decimal(1), ROUND_HALF_UP)
    return f"£{pounds:,}"
