from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from apps.proof.certificates import Root, Signer, fingerprint, read_certificate
from apps.proof.errors import KeyRefused
from tests.proof.conftest import AT

PASSPHRASE = b"correct horse battery staple"


def test_the_root_is_an_authority_for_ten_years_and_for_certificates_only(root):
    certificate = root.certificate
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (
        True,
        True,
        0,
    )
    assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
    assert certificate.public_key().curve.name == "secp384r1"
    assert certificate.not_valid_after_utc == AT + timedelta(days=3650)


def test_the_signer_is_for_documents_only_for_825_days(signer):
    certificate = signer.certificate
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert "1.3.6.1.5.5.7.3.36" in [purpose.dotted_string for purpose in purposes]
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (
        True,
        True,
        False,
    )
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert signer.key.key_size == 3072
    assert certificate.signature_hash_algorithm.name == "sha256"
    assert certificate.not_valid_after_utc == AT + timedelta(days=825)
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == (
        "Halden Energy report signer 2026"
    )


def test_the_root_vouches_for_the_signer(root, signer):
    signer.certificate.verify_directly_issued_by(root.certificate)


def test_another_root_of_the_same_name_does_not_vouch_for_it(root, impostor):
    assert impostor.certificate.issuer == root.certificate.subject
    with pytest.raises(InvalidSignature):
        impostor.certificate.verify_directly_issued_by(root.certificate)


def test_the_root_comes_back_from_its_files_and_vouches_for_the_next_signer(root):
    again = Root.from_pem(
        key=root.key_pem(PASSPHRASE), certificate=root.certificate_pem(), passphrase=PASSPHRASE
    )
    following = Signer.issue(root=again, organisation="Halden Energy", at=AT + timedelta(days=365))
    following.certificate.verify_directly_issued_by(root.certificate)


def test_the_signer_comes_back_from_its_file(signer):
    again = Signer.from_pkcs12(signer.to_pkcs12(PASSPHRASE), PASSPHRASE)
    assert again.fingerprint == signer.fingerprint
    assert again.chain == signer.chain


def test_private_keys_leave_only_encrypted(root, signer):
    assert root.key_pem(PASSPHRASE).startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_key_and_certificates(signer.to_pkcs12(PASSPHRASE), None)


def test_wrong_passphrases_are_refused_with_a_sentence(root, signer):
    with pytest.raises(KeyRefused, match="the passphrase is another one"):
        Signer.from_pkcs12(signer.to_pkcs12(PASSPHRASE), b"another passphrase")
    with pytest.raises(KeyRefused, match="the passphrase is another one"):
        Root.from_pem(
            key=root.key_pem(PASSPHRASE),
            certificate=root.certificate_pem(),
            passphrase=b"another passphrase",
        )


def test_a_root_key_of_another_kind_or_another_root_is_refused(root, signer):
    encryption = serialization.BestAvailableEncryption(PASSPHRASE)
    form = serialization.PrivateFormat.PKCS8
    other = ec.generate_private_key(ec.SECP384R1())
    for key, sentence in (
        (signer.key, "not an elliptic-curve key"),
        (other, "do not belong together"),
    ):
        pem = key.private_bytes(serialization.Encoding.PEM, form, encryption)
        with pytest.raises(KeyRefused, match=sentence):
            Root.from_pem(key=pem, certificate=root.certificate_pem(), passphrase=PASSPHRASE)


def test_a_signer_file_without_an_rsa_key_or_certificate_is_refused(root, signer):
    encryption = serialization.BestAvailableEncryption(PASSPHRASE)
    curve = pkcs12.serialize_key_and_certificates(
        b"x", root.key, root.certificate, None, encryption
    )
    alone = pkcs12.serialize_key_and_certificates(
        b"x", signer.key, None, [root.certificate], encryption
    )
    for content in (curve, alone):
        with pytest.raises(KeyRefused, match="no RSA key with its certificate"):
            Signer.from_pkcs12(content, PASSPHRASE)


def test_a_short_key_or_a_certificate_of_another_key_is_refused(signer, impostor):
    with pytest.raises(KeyRefused, match="3072 bits or more"):
        Signer(key=rsa.generate_private_key(65537, 2048), certificate=signer.certificate)
    with pytest.raises(KeyRefused, match="do not belong together"):
        Signer(key=signer.key, certificate=impostor.certificate)


def test_a_certificate_is_read_in_both_forms_and_named_by_its_bytes(signer):
    der = signer.certificate.public_bytes(serialization.Encoding.DER)
    assert fingerprint(read_certificate(der)) == signer.fingerprint
    assert fingerprint(read_certificate(signer.certificate_pem())) == signer.fingerprint
    with pytest.raises(KeyRefused, match="not a certificate"):
        read_certificate(b"nothing")
