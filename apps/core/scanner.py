"""The virus scanner in front of the file storage, where an installation has one.

`CCEVAL_SCANNER` names it: `clamd:///run/clamav/clamd.ctl` (a socket), `clamd://scanner:3310` (an
address), or a program with its arguments, which gets the file on standard input and ends with 0
for a clean file and 1 for an infected one, as `clamscan -` does. A scanner that is named and does
not answer lets nothing through.
"""

import shlex
import socket
import subprocess
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import DomainError, WrongState

SECONDS: Final = 30.0
PIECE: Final = 1 << 16
CLAMD: Final = "clamd"
CLAMD_PORT: Final = 3310
LONGEST_ANSWER: Final = 4096
INFECTED_EXIT: Final = 1


class Infected(WrongState):
    """The scanner found something: HTTP 409, so that the attempt stays in the record."""

    title = "Refused by the virus scanner"


class ScannerSilent(DomainError):
    """The scanner that is set up gives no answer: HTTP 503, and nothing is kept."""

    status = 503
    title = "The virus scanner does not answer"


def require_clean(content: bytes) -> None:
    """Let a clean file pass, and every file where no scanner is set up; refuse any other."""
    if not settings.SCANNER:
        return
    try:
        infected = _scan(content)
    except (OSError, subprocess.SubprocessError, ValueError):
        raise ScannerSilent(
            _(
                "The virus scanner does not answer, so this file was not taken. Nothing was saved."
                " Try again in a few minutes, or tell the administrator."
            )
        ) from None
    if infected:
        raise Infected(
            _(
                "The virus scanner found something in this file, so it was not taken. The rest of"
                " your work is untouched. Check the computer it comes from."
            )
        )


def _scan(content: bytes) -> bool:
    """Return whether the scanner calls the content infected."""
    place = urlsplit(settings.SCANNER)
    if place.scheme == CLAMD:
        return _ask_clamd(content, place.hostname or "", place.port or CLAMD_PORT, place.path)
    return _run(content, shlex.split(settings.SCANNER))


def _ask_clamd(content: bytes, host: str, port: int, path: str) -> bool:
    """Stream the content to a clamd (INSTREAM) and read its verdict."""
    with _connected(host, port, path) as link:
        link.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            link.sendall(len(piece).to_bytes(4, "big") + piece)
        link.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            piece = link.recv(LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
    verdict = answer.rstrip(b"\0\n")
    if verdict.endswith(b" FOUND"):
        return True
    if verdict == b"stream: OK":
        return False
    raise ValueError("no verdict")


def _connected(host: str, port: int, path: str) -> socket.socket:
    if host:
        return socket.create_connection((host, port), timeout=SECONDS)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(SECONDS)
    try:
        link.connect(path)
    except OSError:
        link.close()
        raise
    return link


def _run(content: bytes, command: list[str]) -> bool:
    if not Path(command[0]).is_absolute():
        raise ValueError("a scanner is named by its whole path")
    done = subprocess.run(  # noqa: S603 -- the operator's own program, the file on its input
        command, input=content, capture_output=True, timeout=SECONDS, check=False
    )
    if done.returncode not in {0, INFECTED_EXIT}:
        raise ValueError("no verdict")
    return done.returncode == INFECTED_EXIT
