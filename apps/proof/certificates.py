"""The certificates of the report signature: an offline root and the signer it vouches for.

Root: EC P-384, ten years, used once per signer and kept offline. Signer: RSA-3072 and SHA-256,
825 days, for document signing only (RFC 9336); an EC signer would raise a PDF/A-3 file to PDF 2.0.
Private keys leave this module only encrypted (PKCS#8, PKCS#12) under a passphrase given by the
operator.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from apps.proof.errors import KeyRefused

ROOT_DAYS = 3650
SIGNER_DAYS = 825
SIGNER_BITS = 3072
CLOCK_SLACK = timedelta(minutes=5)
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336, id-kp-documentSigning
ADOBE_DOCUMENTS = ObjectIdentifier("1.2.840.113583.1.1.5")  # Acrobat's own name for the same use
# NSS, which Evince, Okular and pdfsig rely on, accepts no signer without the purpose of e-mail.
PURPOSES = (DOCUMENT_SIGNING, ADOBE_DOCUMENTS, ExtendedKeyUsageOID.EMAIL_PROTECTION)
PEM = serialization.Encoding.PEM


@dataclass(frozen=True, kw_only=True)
class Root:
    """The issuer's own authority; its key signs certificates and nothing else."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def create(cls, *, organisation: str, at: datetime) -> "Root":
        key = ec.generate_private_key(ec.SECP384R1())
        subject = _name(f"{organisation} report signing root", organisation)
        builder = _builder(subject, subject, key.public_key(), at, ROOT_DAYS)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        return cls(key=key, certificate=builder.sign(key, hashes.SHA384()))

    @classmethod
    def from_pem(cls, *, key: bytes, certificate: bytes, passphrase: bytes) -> "Root":
        """Bring the offline root back, to vouch for the next signer."""
        try:
            private = serialization.load_pem_private_key(key, passphrase)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyRefused(
                "The root key cannot be read: it is not an encrypted key, or the passphrase is "
                "another one."
            ) from None
        vouching = read_certificate(certificate)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise KeyRefused("The root key is not an elliptic-curve key.")
        if private.public_key() != vouching.public_key():
            raise KeyRefused("The root key and the root certificate do not belong together.")
        return cls(key=private, certificate=vouching)

    def key_pem(self, passphrase: bytes) -> bytes:
        encryption = serialization.BestAvailableEncryption(passphrase)
        return self.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, encryption)

    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)


@dataclass(frozen=True, kw_only=True)
class Signer:
    """What signs reports: an RSA key, its certificate and the certificates above it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def __post_init__(self) -> None:
        if self.key.key_size < SIGNER_BITS:
            raise KeyRefused(f"Reports are signed with RSA keys of {SIGNER_BITS} bits or more.")
        if self.key.public_key() != self.certificate.public_key():
            raise KeyRefused("The signing key and its certificate do not belong together.")

    @classmethod
    def issue(cls, *, root: Root, organisation: str, at: datetime) -> "Signer":
        """Make a new signer and let the root vouch for it."""
        key = rsa.generate_private_key(65537, SIGNER_BITS)
        subject = _name(f"{organisation} report signer {at.year}", organisation)
        issuer = root.certificate
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
        purposes = x509.ExtendedKeyUsage(PURPOSES)
        builder = _builder(subject, issuer.subject, key.public_key(), at, SIGNER_DAYS)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        )
        builder = builder.add_extension(
            _usage(digital_signature=True, content_commitment=True), critical=True
        )
        builder = builder.add_extension(purposes, critical=False)
        builder = builder.add_extension(authority, critical=False)
        certificate = builder.sign(root.key, hashes.SHA256())
        return cls(key=key, certificate=certificate, chain=(issuer,))

    @classmethod
    def from_pkcs12(cls, content: bytes, passphrase: bytes) -> "Signer":
        try:
            key, certificate, above = pkcs12.load_key_and_certificates(content, passphrase)
        except (ValueError, UnsupportedAlgorithm):
            raise KeyRefused(
                "The signer's file cannot be read: it is not PKCS#12, or the passphrase is "
                "another one."
            ) from None
        if not isinstance(key, rsa.RSAPrivateKey) or certificate is None:
            raise KeyRefused("The signer's file holds no RSA key with its certificate.")
        return cls(key=key, certificate=certificate, chain=tuple(above))

    def to_pkcs12(self, passphrase: bytes) -> bytes:
        encryption = serialization.BestAvailableEncryption(passphrase)
        return pkcs12.serialize_key_and_certificates(
            b"cceval report signer", self.key, self.certificate, self.chain, encryption
        )

    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)


def fingerprint(certificate: x509.Certificate) -> str:
    """Name a certificate by the SHA-256 of its DER bytes, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def read_certificate(content: bytes) -> x509.Certificate:
    """Read a certificate from PEM or DER bytes."""
    load = (
        x509.load_pem_x509_certificate
        if b"-----BEGIN" in content
        else x509.load_der_x509_certificate
    )
    try:
        return load(content)
    except ValueError:
        raise KeyRefused("This is not a certificate in PEM or DER form.") from None


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    at: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - CLOCK_SLACK)
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
