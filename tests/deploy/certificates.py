"""An authority of the test's own, and a certificate of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certify(place: Path, host: str) -> None:
    """In that folder: authority.pem, and fullchain.pem with privkey.pem, its certificate for the host."""
    now = datetime.now(UTC)

    def certificate(name: str, key: ec.EllipticCurvePublicKey, issuer: str) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    root, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = (
        certificate("authority of the test", root.public_key(), "authority of the test")
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(root, hashes.SHA256())
    )
    of_the_name = (
        certificate(host, own.public_key(), "authority of the test")
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(root, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (place / "authority.pem").write_bytes(authority.public_bytes(pem))
    (place / "fullchain.pem").write_bytes(of_the_name.public_bytes(pem))
    (place / "privkey.pem").write_bytes(
        own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
