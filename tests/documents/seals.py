"""Keys and certificates to seal papers with, made by code; and what several tools say of a sealed paper."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.documents.seal_files import Key, SealKey

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who issues certificates."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def issue(
        self,
        name: str = "某某协商平台签章",
        *,
        key: Key | None = None,
        begins_at: datetime = NOW - timedelta(days=1),
        ends_at: datetime = NOW + timedelta(days=730),
        may_sign: bool = True,
        stamps_times: bool = False,
        serial: int | None = None,
    ) -> SealKey:
        """A key with its certificate by this authority."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject, usage = self.certificate.subject, {"may_sign": may_sign, "stamps": stamps_times}
        certificate = _certificate(name, key, self.key, subject, begins_at, ends_at, serial=serial, **usage)
        return SealKey(key=key, certificate=certificate, issuers=(self.certificate,))


def new_authority(name: str = "某某认证机构") -> Authority:
    """An authority whose certificate is its own word."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = _certificate(name, key, key, subject, NOW - timedelta(days=365), NOW + timedelta(days=3650), is_ca=True)
    return Authority(key=key, certificate=made)


def _certificate(
    name: str,
    key: Key,
    by: Key,
    issuer: x509.Name,
    begins_at: datetime,
    ends_at: datetime,
    *,
    is_ca: bool = False,
    may_sign: bool = True,
    stamps: bool = False,
    serial: int | None = None,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=may_sign,
        content_commitment=may_sign,
        key_encipherment=not may_sign,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(begins_at)
        .not_valid_after(ends_at)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if stamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(by, hashes.SHA256())


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key."""
    return rsa.generate_private_key(65537, bits)


def pem_of(key: Key) -> bytes:
    """The key in PEM, without a password."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def pem_chain(key: SealKey) -> bytes:
    """Its certificate and those of who issued it, in PEM."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in (key.certificate, *key.issuers))


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the signatures in the paper."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    # A home without trusted certificates: here it is asked about the bytes alone.
    words, home = ["pdfsig", "-nocert", str(path)], {"HOME": str(folder)}
    return str(subprocess.run(words, check=False, capture_output=True, text=True, env=home).stdout)


def signed_parts(pdf: bytes) -> tuple[bytes, bytes]:
    """The bytes that the first signature is over, and the signature in DER as it lies in the paper."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        signature = opened.Root.AcroForm.Fields[0].V
        first, length, second, rest = (int(each) for each in signature.ByteRange)
        return pdf[first : first + length] + pdf[second : second + rest], bytes(signature.Contents)


def openssl_verifies(pdf: bytes, authority: Authority, folder: Path) -> bool:
    """Whether OpenSSL finds the signature good, and its certificate to be by the authority."""
    content, signature = signed_parts(pdf)
    for name, data in (("content", content), ("signature.der", signature)):
        (folder / name).write_bytes(data)
    (folder / "authority.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    # At the time of the signature: the tests' clock stands.
    at = str(int(NOW.timestamp()))
    words = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature.der", "-content", "content"]
    words += ["-CAfile", "authority.pem", "-purpose", "any", "-attime", at, "-out", "/dev/null"]
    return subprocess.run(words, check=False, cwd=folder, capture_output=True).returncode == 0
