"""SM2 keys as PEM, which `cryptography` does not know: PKCS#8, SEC 1 and SubjectPublicKeyInfo, read by their DER.

Whatever is no such key raises `ValueError`, or the error of gmssl-pyx for a point that is not on the curve.
"""

import base64
import re
from collections.abc import Iterator
from typing import Final

import gmssl_pyx  # type: ignore[import-untyped]  # it has stubs, and does not say so

# What DER spells around a key: id-ecPublicKey with the curve 1.2.156.10197.1.301.
_CURVE: Final = bytes.fromhex("06082a811ccf5501822d")
_ALGORITHM: Final = bytes.fromhex("301306072a8648ce3d0201") + _CURVE
_INTEGER: Final = b"\x02"
_BITS: Final = b"\x03"
_OCTETS: Final = b"\x04"
_SEQUENCE: Final = b"\x30"
_PARAMETERS: Final = b"\xa0"
_POINT: Final = b"\xa1"
_PUBLIC: Final = bytes.fromhex("3059") + _ALGORITHM + bytes.fromhex("03420004")
_PRIVATE: Final = bytes.fromhex("308187020100") + _ALGORITHM + bytes.fromhex("046d306b0201010420")
_PRIVATES_POINT: Final = bytes.fromhex("a14403420004")
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s([A-Za-z0-9+/=\s]+)-----END \1-----")


def private_pem(private: bytes, point: bytes) -> bytes:
    """The 32 bytes of the key and the 64 of its point as PKCS#8."""
    return _pem("PRIVATE KEY", _PRIVATE + private + _PRIVATES_POINT + point)


def public_pem(point: bytes) -> bytes:
    """The 64 bytes of the point as SubjectPublicKeyInfo."""
    return _pem("PUBLIC KEY", _PUBLIC + point)


def read_private(pem: bytes) -> tuple[bytes, bytes]:
    """The key and its point, which has to stand beside it. Whether the two belong together is not looked at."""
    label, der = _block(pem, "PRIVATE KEY", "EC PRIVATE KEY", "SM2 PRIVATE KEY")
    inner = _sequence(der)
    if label == "PRIVATE KEY":
        _, algorithm, content = inner[:3]
        if algorithm != _ALGORITHM or content[:1] != _OCTETS:
            raise ValueError("not a key of the curve of SM2")
        inner = _sequence(_content(content))
    elif not any(each[:1] == _PARAMETERS and _content(each) == _CURVE for each in inner):
        raise ValueError("not a key of the curve of SM2")
    private = _content(inner[1])
    points = [_content(_content(each)) for each in inner[2:] if each[:1] == _POINT]
    if len(private) != 32 or len(points) != 1:
        raise ValueError("not a private key with its public one")
    return private, _point(points[0])


def read_public(pem: bytes) -> bytes:
    """The point, which is on the curve."""
    _, der = _block(pem, "PUBLIC KEY")
    algorithm, bits = _sequence(der)
    if algorithm != _ALGORITHM or bits[:1] != _BITS:
        raise ValueError("not a key of the curve of SM2")
    return _point(_content(bits))


def is_signature(der: bytes) -> bool:
    """Whether the bytes are two integers of a signature's size, and nothing else."""
    try:
        parts = _sequence(der)
    except ValueError:
        return False
    return len(parts) == 2 and all(each[:1] == _INTEGER and 1 <= len(each) - 2 <= 33 for each in parts)


def _pem(label: str, der: bytes) -> bytes:
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def _block(pem: bytes, *labels: str) -> tuple[str, bytes]:
    for match in _PEM.finditer(pem):
        if match[1].decode() in labels:
            return match[1].decode(), base64.b64decode(b"".join(match[2].split()), validate=True)
    raise ValueError("no such block")


def _point(encoded: bytes) -> bytes:
    # A bit string begins with how many bits of its end are unused: none.
    raw: bytes = gmssl_pyx.normalize_sm2_public_key(encoded.removeprefix(b"\0"))
    return raw


def _sequence(der: bytes) -> list[bytes]:
    if der[:1] != _SEQUENCE:
        raise ValueError("no sequence")
    return list(_elements(_content(der)))


def _content(element: bytes) -> bytes:
    start, end = _bounds(element, 0)
    if end != len(element):
        raise ValueError("something follows the element")
    return element[start:end]


def _elements(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        _, end = _bounds(content, at)
        yield content[at:end]
        at = end


def _bounds(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at `at` starts and ends."""
    if at + 2 > len(der):
        raise ValueError("cut")
    length, start = der[at + 1], at + 2
    if length >= 0x80:
        count = length - 0x80
        if count not in (1, 2):
            raise ValueError("a length of no key")
        length, start = int.from_bytes(der[start : start + count]), start + count
    if start + length > len(der):
        raise ValueError("cut")
    return start, start + length
