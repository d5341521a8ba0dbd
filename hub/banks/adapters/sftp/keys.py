"""Keys of SFTP as a bank's settings name them: the server's public one in a line, our private one in a file."""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

from hub.domain.errors import InvalidValue, TryAgain

# The algorithms with which a server proves that it has a key of the kind; SHA-1 is none of them.
_ALGORITHMS = {
    "ssh-ed25519": ("ssh-ed25519",),
    "ecdsa-sha2-nistp256": ("ecdsa-sha2-nistp256",),
    "ecdsa-sha2-nistp384": ("ecdsa-sha2-nistp384",),
    "ecdsa-sha2-nistp521": ("ecdsa-sha2-nistp521",),
    "ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256"),
}
LEAST_RSA_BITS = 2048

PrivateKey = Ed25519PrivateKey | RSAPrivateKey | EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKey:
    """The public key that a server must show, as it goes over the wire."""

    kind: str
    blob: bytes

    @property
    def algorithms(self) -> tuple[str, ...]:
        """What the server may sign with."""
        return _ALGORITHMS[self.kind]


def read_host_key(line: str) -> HostKey:
    """The key of an OpenSSH public key line, `kind Base64 [comment]`; raises `InvalidValue` `sftp_host_key`."""
    words = line.split()
    if len(words) < 2 or words[0] not in _ALGORITHMS:
        raise InvalidValue("sftp_host_key")
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue("sftp_host_key") from error
    name = words[0].encode()
    if not blob.startswith(len(name).to_bytes(4) + name) or len(blob) < 40:
        raise InvalidValue("sftp_host_key")
    return HostKey(kind=words[0], blob=blob)


def check_private_key(path: str) -> Path:
    """The path of a private key that can be used; raises `InvalidValue` `sftp_private_key`."""
    found = Path(path)
    try:
        read_private_key(found)
    except TryAgain as error:
        raise InvalidValue("sftp_private_key") from error
    return found


def read_private_key(path: Path) -> PrivateKey:
    """Our key, from an OpenSSH or PEM file without a passphrase; raises `TryAgain`, since the file can be mended."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise TryAgain(f"our private key cannot be read: {error.strerror}") from error
    try:
        key = load_ssh_private_key(text, None) if b"OPENSSH PRIVATE KEY" in text else load_pem_private_key(text, None)
    # A passphrase that is not given is a TypeError.
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise TryAgain("our private key is no OpenSSH or PEM key without a passphrase") from error
    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_RSA_BITS:
        raise TryAgain(f"our private key has less than {LEAST_RSA_BITS} bits")
    if not isinstance(key, PrivateKey):
        raise TryAgain("our private key is of no kind that SFTP takes")
    return key
