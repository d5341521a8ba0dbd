"""The key and the certificates that papers are sealed with: read from files, or made by a hub for itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from hub.documents.paper_seal import PaperSeal
from hub.domain.errors import Unusable

LEAST_RSA_BITS = 2048
# Whoever opens a demo's paper reads it in the signature's panel.
OWN_NAME = "协商还款平台（演示，自签名）"
OWN_LASTS = timedelta(days=3650)
_PEM = b"-----BEGIN"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """The key, its certificate, and those of who issued it, as far as they were given."""

    key: Key
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]

    @property
    def seal(self) -> PaperSeal:
        """The certificate as papers name it."""
        return seal_of(self.certificate)


def seal_of(certificate: x509.Certificate) -> PaperSeal:
    """A certificate as papers name it."""
    return PaperSeal(
        subject=certificate.subject.rfc4514_string(),
        serial=certificate.serial_number.to_bytes((certificate.serial_number.bit_length() + 7) // 8).hex().upper(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex().upper(),
        begins_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
        is_self_signed=certificate.issuer == certificate.subject,
    )


def read_seal_key(key_file: Path, certificate_file: Path | None, password_file: Path | None) -> SealKey:
    """What PEM files, or one PKCS#12 file without a `certificate_file`, hold.

    Raises `Unusable`, naming the setting, where they cannot be read, do not belong together or may not sign papers.
    """
    password = None if password_file is None else _read(password_file, "HUB_PAPER_PASSWORD_FILE").strip()
    content = _read(key_file, "HUB_PAPER_KEY_FILE")
    try:
        if content.lstrip().startswith(_PEM):
            key: object = load_pem_private_key(content, password)
            found: list[x509.Certificate] = []
        else:
            key, certificate, others = pkcs12.load_key_and_certificates(content, password)
            found = [] if certificate is None else [certificate, *others]
    except (ValueError, TypeError) as error:
        raise Unusable(
            f"HUB_PAPER_KEY_FILE: {key_file} is no private key in PEM or PKCS#12, or its password is another "
            "(HUB_PAPER_PASSWORD_FILE)"
        ) from error
    if certificate_file is not None:
        found = _certificates(certificate_file)
    elif not found:
        raise Unusable("HUB_PAPER_CERTIFICATE_FILE is needed beside a HUB_PAPER_KEY_FILE in PEM")
    return _joined(key, found)


def read_certificate(path: Path) -> PaperSeal:
    """The certificate of the seal in a PEM file, told without its key from those of its issuers; raises `Unusable`."""
    found = _certificates(path)
    issuers = {each.issuer for each in found if each.issuer != each.subject}
    return seal_of(next((each for each in found if each.subject not in issuers), found[0]))


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"{setting}: {path} cannot be read ({error.strerror})") from error


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_read(path, "HUB_PAPER_CERTIFICATE_FILE"))
    except ValueError as error:
        raise Unusable(f"HUB_PAPER_CERTIFICATE_FILE: {path} holds no certificate in PEM") from error


def _joined(key: object, found: list[x509.Certificate]) -> SealKey:
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unusable("HUB_PAPER_KEY_FILE: papers are signed with an RSA or an elliptic-curve key")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < LEAST_RSA_BITS:
        raise Unusable(f"HUB_PAPER_KEY_FILE: an RSA key needs {LEAST_RSA_BITS} bits or more")
    own = next((each for each in found if each.public_key() == key.public_key()), None)
    if own is None:
        raise Unusable("HUB_PAPER_CERTIFICATE_FILE holds no certificate of the key in HUB_PAPER_KEY_FILE")
    if not _may_sign(own):
        raise Unusable("HUB_PAPER_CERTIFICATE_FILE: its keyUsage has neither digitalSignature nor nonRepudiation")
    return SealKey(key=key, certificate=own, issuers=tuple(each for each in found if each is not own))


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def own_seal_text(now: datetime) -> str:
    """A new key and its certificate in PEM, which says of itself that it is self-signed and for a demo."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OWN_NAME)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        **dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only"),
            False,
        ),
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of machines differ a little.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + OWN_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + certificate.public_bytes(Encoding.PEM)).decode()


def parse_own_seal(text: str, path: Path) -> SealKey:
    """What `own_seal_text` made; raises `Unusable` where the file at `path` holds something else."""
    content = text.encode()
    try:
        return _joined(load_pem_private_key(content, None), x509.load_pem_x509_certificates(content))
    except (ValueError, TypeError) as error:
        raise Unusable(f"{path} holds no key with its certificate: remove it, and a new one is made") from error
