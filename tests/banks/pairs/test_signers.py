"""Signatures of both methods, checked by other programs: plain `cryptography`, gmalg, and the `openssl` command."""

import base64
import hashlib
import subprocess
from pathlib import Path

import gmalg
import gmssl_pyx  # type: ignore[import-untyped]  # it has stubs, and does not say so
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from hub.banks.pairs.signers import SignMethod, new_keys, signer_of, verifier_of
from hub.domain.errors import InvalidValue

RSA, SM2 = SignMethod.RSA, SignMethod.SM2
TEXT = "accessType=2&bizType=000000&txnTime=20261121100000&respMsg=成功".encode()
KEYS = {method: new_keys(method) for method in SignMethod}
OTHERS = {method: new_keys(method) for method in SignMethod}
# The user's point and signature of `message digest` in the standard's own example, GM/T 0003.5 annex A.
STANDARD_POINT = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
STANDARD_R = int("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3", 16)
STANDARD_S = int("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA", 16)


def openssl(folder: Path, *words: str) -> bytes:
    return subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True).stdout


def der_of(r: int, s: int) -> bytes:
    parts = b""
    for number in (r, s):
        raw = number.to_bytes(number.bit_length() // 8 + 1)
        parts += bytes([2, len(raw)]) + raw
    return bytes([0x30, len(parts)]) + parts


def spki(point: bytes) -> bytes:
    der = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004") + point
    return b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(der) + b"-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize("method", list(SignMethod))
def test_what_is_signed_is_verified_and_nothing_else(method: SignMethod) -> None:
    private, public = KEYS[method]
    signature = signer_of(method, private).sign(TEXT)
    verifier = verifier_of(method, public)
    assert verifier.is_signed(TEXT, signature)
    assert not verifier.is_signed(TEXT + b" ", signature)
    assert not verifier.is_signed(TEXT, signature[:-4])
    assert not verifier_of(method, OTHERS[method][1]).is_signed(TEXT, signature)


def test_rsa_signs_the_hexadecimal_hash_of_the_text() -> None:
    private, public = KEYS[RSA]
    key = serialization.load_pem_public_key(public)
    assert isinstance(key, rsa.RSAPublicKey)
    signature = base64.b64decode(signer_of(RSA, private).sign(TEXT))
    inner = hashlib.sha256(TEXT).hexdigest().encode()
    assert len(inner) == 64
    key.verify(signature, inner, padding.PKCS1v15(), hashes.SHA256())
    own = serialization.load_pem_private_key(private, password=None)
    assert isinstance(own, rsa.RSAPrivateKey)
    hashed_once = base64.b64encode(own.sign(TEXT, padding.PKCS1v15(), hashes.SHA256())).decode()
    assert not verifier_of(RSA, public).is_signed(TEXT, hashed_once)


@pytest.mark.slow
def test_openssl_verifies_our_rsa_and_we_verify_openssls(tmp_path: Path) -> None:
    openssl(tmp_path, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "key.pem")
    openssl(tmp_path, "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    private, public = ((tmp_path / name).read_bytes() for name in ("key.pem", "public.pem"))
    (tmp_path / "inner").write_text(hashlib.sha256(TEXT).hexdigest())
    openssl(tmp_path, "dgst", "-sha256", "-sign", "key.pem", "-out", "theirs", "inner")
    theirs = base64.b64encode((tmp_path / "theirs").read_bytes()).decode()
    # PKCS#1 v1.5 leaves nothing to chance, so the two are the same to the byte.
    assert signer_of(RSA, private).sign(TEXT) == theirs
    assert verifier_of(RSA, public).is_signed(TEXT, theirs)


@pytest.mark.slow
def test_openssl_verifies_our_sm2_and_we_verify_openssls(tmp_path: Path) -> None:
    openssl(tmp_path, "genpkey", "-algorithm", "SM2", "-out", "key.pem")
    openssl(tmp_path, "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    private, public = ((tmp_path / name).read_bytes() for name in ("key.pem", "public.pem"))
    (tmp_path / "text").write_bytes(TEXT)
    user = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", "text")
    openssl(tmp_path, "pkeyutl", "-sign", "-inkey", "key.pem", "-out", "theirs", *user)
    assert verifier_of(SM2, public).is_signed(TEXT, base64.b64encode((tmp_path / "theirs").read_bytes()).decode())
    (tmp_path / "ours").write_bytes(base64.b64decode(signer_of(SM2, private).sign(TEXT)))
    said = openssl(tmp_path, "pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-sigfile", "ours", *user)
    assert b"Verified Successfully" in said


@pytest.mark.slow
def test_openssl_reads_the_keys_we_make(tmp_path: Path) -> None:
    for private, public in KEYS.values():
        (tmp_path / "key.pem").write_bytes(private)
        assert openssl(tmp_path, "pkey", "-in", "key.pem", "-pubout") == public


@pytest.mark.slow
def test_every_form_in_which_an_sm2_key_is_written_is_read(tmp_path: Path) -> None:
    openssl(tmp_path, "ecparam", "-genkey", "-name", "SM2", "-out", "both.pem")
    public = openssl(tmp_path, "pkey", "-in", "both.pem", "-pubout")
    with_parameters = (tmp_path / "both.pem").read_bytes()
    assert with_parameters.count(b"BEGIN") == 2
    private = openssl(tmp_path, "pkey", "-in", "both.pem")
    sec1 = openssl(tmp_path, "ec", "-in", "both.pem")
    traditional = sec1.replace(b" SM2 PRIVATE", b" EC PRIVATE")
    for pem in (private, with_parameters, sec1, traditional):
        assert verifier_of(SM2, public).is_signed(TEXT, signer_of(SM2, pem).sign(TEXT))


def test_gmalg_verifies_our_sm2_and_we_verify_gmalgs() -> None:
    private, public = KEYS[SM2]
    d, point = private_parts(private), base64.b64decode(b"".join(public.split(b"\n")[1:-2]))[-65:]
    theirs = gmalg.SM2(d, b"1234567812345678", point)
    r, s = theirs.sign(TEXT)
    made = base64.b64encode(der_of(int.from_bytes(r), int.from_bytes(s))).decode()
    assert verifier_of(SM2, public).is_signed(TEXT, made)
    ours = base64.b64decode(signer_of(SM2, private).sign(TEXT))
    r_end = 4 + ours[3]
    r, s = ours[4:r_end].lstrip(b"\0"), ours[r_end + 2 :].lstrip(b"\0")
    assert theirs.verify(TEXT, r.rjust(32, b"\0"), s.rjust(32, b"\0"))


def private_parts(pem: bytes) -> bytes:
    """The number d of a key as PKCS#8."""
    der = base64.b64decode(b"".join(pem.split(b"\n")[1:-2]))
    at = der.index(bytes.fromhex("0201010420")) + 5
    return der[at : at + 32]


def test_the_example_of_the_standard_verifies() -> None:
    signature = base64.b64encode(der_of(STANDARD_R, STANDARD_S)).decode()
    assert verifier_of(SM2, spki(STANDARD_POINT)).is_signed(b"message digest", signature)
    assert not verifier_of(SM2, spki(STANDARD_POINT)).is_signed(b"message digesu", signature)


def test_the_user_id_counts() -> None:
    private, public = KEYS[SM2]
    point = base64.b64decode(b"".join(public.split(b"\n")[1:-2]))[-64:]
    for user in (b"someone else", None):
        made = gmssl_pyx.sm2_sign(private_parts(private), point, TEXT, user)
        assert not verifier_of(SM2, public).is_signed(TEXT, base64.b64encode(made).decode())


def small_rsa() -> bytes:
    return rsa.generate_private_key(65537, 1024).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def locked_rsa() -> bytes:
    key = serialization.load_pem_private_key(KEYS[RSA][0], password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"word")
    )


def another_curve() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def unlike_pair() -> bytes:
    ours, theirs = (base64.b64decode(b"".join(keys[SM2][0].split(b"\n")[1:-2])) for keys in (KEYS, OTHERS))
    return (
        b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(ours[:-64] + theirs[-64:]) + b"-----END PRIVATE KEY-----"
    )


@pytest.mark.parametrize(
    ("method", "pem"),
    [
        (RSA, KEYS[SM2][0]),
        (SM2, KEYS[RSA][0]),
        (RSA, KEYS[RSA][1]),
        (SM2, KEYS[SM2][1]),
        (RSA, small_rsa()),
        (RSA, locked_rsa()),
        (RSA, b""),
        (SM2, b""),
        (SM2, another_curve()),
        (SM2, unlike_pair()),
        (SM2, KEYS[SM2][0].replace(b"M", b"", 1)),
        (SM2, b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"),
    ],
)
def test_a_private_key_that_cannot_sign_so_is_refused(method: SignMethod, pem: bytes) -> None:
    with pytest.raises(InvalidValue, match="private_key_form"):
        signer_of(method, pem)


@pytest.mark.parametrize(
    ("method", "pem"),
    [
        (RSA, KEYS[SM2][1]),
        (SM2, KEYS[RSA][1]),
        (RSA, KEYS[RSA][0]),
        (SM2, KEYS[SM2][0]),
        (RSA, b"\xff"),
        (SM2, b"\xff"),
        (SM2, spki(STANDARD_POINT[:-1] + b"\0")),
        (SM2, spki(STANDARD_POINT[:-1])),
    ],
)
def test_a_public_key_that_cannot_verify_so_is_refused(method: SignMethod, pem: bytes) -> None:
    with pytest.raises(InvalidValue, match="public_key_form"):
        verifier_of(method, pem)


@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.b64encode(raw).decode())))
@pytest.mark.parametrize("method", list(SignMethod))
def test_rubbish_is_no_signature(method: SignMethod, signature: str) -> None:
    assert not verifier_of(method, KEYS[method][1]).is_signed(TEXT, signature)


SIGNED = base64.b64decode(signer_of(SM2, KEYS[SM2][0]).sign(TEXT))


@given(st.integers(0, 63), st.integers(1, 255))
def test_a_signature_with_one_byte_changed_is_none(at: int, by: int) -> None:
    raw = bytearray(SIGNED)
    raw[at] ^= by
    assert not verifier_of(SM2, KEYS[SM2][1]).is_signed(TEXT, base64.b64encode(raw).decode())


def test_no_signer_shows_its_key() -> None:
    for method, (private, _) in KEYS.items():
        shown = repr(signer_of(method, private))
        assert "_private" not in shown
        assert "_key" not in shown
