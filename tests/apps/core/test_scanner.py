"""The virus scanner: real programs and a real socket, and nothing let through when it is silent."""

import socket
import sys
import threading

import pytest

from apps.core import scanner
from apps.core.scanner import Infected, ScannerSilent, require_clean

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PROGRAM = (
    "import sys; raw = sys.stdin.buffer.read();"
    "sys.exit(1 if b'EICAR' in raw else 2 if raw == b'broken' else 0)"
)


@pytest.fixture
def program(settings):
    settings.SCANNER = f'{sys.executable} -c "{PROGRAM}"'


class Clamd(threading.Thread):
    """Speaks INSTREAM as clamd does, for one file after another."""

    def __init__(self, path, answer=None):
        super().__init__(daemon=True)
        self.answer = answer
        self.got = b""
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(str(path))
        self.server.listen(1)

    def run(self):
        link, _address = self.server.accept()
        with link, link.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(stream.read(4), "big"):
                self.got += stream.read(size)
            found = b"stream: Eicar-Signature FOUND\0" if EICAR in self.got else b"stream: OK\0"
            link.sendall(self.answer if self.answer is not None else found)
        self.server.close()


@pytest.fixture
def clamd(settings, tmp_path):
    def start(answer=None):
        path = tmp_path / "clamd.ctl"
        settings.SCANNER = f"clamd://{path}"
        daemon = Clamd(path, answer)
        daemon.start()
        return daemon

    return start


def test_without_a_scanner_every_file_passes():
    require_clean(EICAR)


def test_a_program_says_clean_or_infected(program):
    require_clean(b"a plain file")
    with pytest.raises(Infected, match="found something in this file"):
        require_clean(EICAR)


def test_a_program_that_fails_lets_nothing_through(program):
    with pytest.raises(ScannerSilent, match="does not answer"):
        require_clean(b"broken")


@pytest.mark.parametrize("command", ["/nowhere/clamscan -", "clamscan -"])
def test_a_program_that_is_not_there_lets_nothing_through(settings, command):
    settings.SCANNER = command
    with pytest.raises(ScannerSilent):
        require_clean(b"a plain file")


def test_clamd_gets_the_whole_file_and_its_verdict_counts(clamd):
    daemon = clamd()
    content = b"x" * (scanner.PIECE + 17)
    require_clean(content)
    daemon.join(5)
    assert daemon.got == content


def test_clamd_finds_an_infected_file(clamd):
    clamd()
    with pytest.raises(Infected):
        require_clean(EICAR)


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0"])
def test_an_answer_that_is_no_verdict_lets_nothing_through(clamd, answer):
    clamd(answer)
    with pytest.raises(ScannerSilent):
        require_clean(b"a plain file")


def test_clamd_that_is_not_there_lets_nothing_through(settings, tmp_path):
    settings.SCANNER = f"clamd://{tmp_path}/nobody.ctl"
    with pytest.raises(ScannerSilent):
        require_clean(b"a plain file")
