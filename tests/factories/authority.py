"""A small time-stamping authority (RFC 3161) of the tests' own, served over HTTP."""
# ruff: noqa: TID253 -- what an authority does is the library's business

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as parsed
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

DER = serialization.Encoding.DER
DAY = dt.timedelta(days=1)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(subject, public, issuer, key, extension, *, critical, at) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(_named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - DAY)
        .not_valid_after(at + 365 * DAY)
        .add_extension(extension, critical=critical)
        .sign(key, hashes.SHA256())
    )


class Authority:
    """A root, a certificate for stamping under it, and what answers while `up`."""

    def __init__(self, *, at: dt.datetime | None = None) -> None:
        self.at, self.up, self.asked = at, True, 0
        now = at or dt.datetime.now(dt.UTC)
        root, mine = (rsa.generate_private_key(65537, 2048) for _two in range(2))
        self.certificate = _certificate(
            "Test stamps root", root.public_key(), "Test stamps root", root,
            x509.BasicConstraints(ca=True, path_length=None), critical=True, at=now,
        )  # fmt: skip
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        signer = _certificate(
            "Test stamps", mine.public_key(), "Test stamps root", root, stamping,
            critical=True, at=now,
        )  # fmt: skip
        secret = mine.private_bytes(
            DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.stamper = DummyTimeStamper(
            parsed.Certificate.load(signer.public_bytes(DER)),
            keys.PrivateKeyInfo.load(secret),
            fixed_dt=at,
        )
        self.url = ""

    def answer(self, asked: bytes) -> bytes:
        self.asked += 1
        return bytes(self.stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump())

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @contextmanager
    def served(self) -> Iterator["Authority"]:
        """Answer on a port of this machine."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200 if authority.up else 503)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(authority.answer(body) if authority.up else b"")

            def log_message(self, *_arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/"
        try:
            yield self
        finally:
            server.shutdown()
            serving.join()
            server.server_close()
