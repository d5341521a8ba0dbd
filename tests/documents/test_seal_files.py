"""The key and the certificates of the seal: read from what openssl writes, refused by name where they do not fit."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from hub.documents.seal_files import OWN_NAME, own_seal_text, parse_own_seal, read_seal_key, seal_of
from hub.domain.errors import Unusable
from tests.documents.seals import NOW, Authority, new_authority, pem_chain, pem_of, rsa_key


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority()


def written(folder: Path, **contents: bytes) -> list[Path]:
    paths = [folder / name for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


def test_pem_files_are_read_whichever_certificate_comes_first(authority: Authority, tmp_path: Path) -> None:
    made = authority.issue()
    chain = pem_chain(made)
    last_first = authority.certificate.public_bytes(Encoding.PEM) + made.certificate.public_bytes(Encoding.PEM)
    for content in (chain, last_first):
        key, certificate = written(tmp_path, key=pem_of(made.key), certificate=content)
        read = read_seal_key(key, certificate, None)
        assert read.certificate == made.certificate
        assert read.issuers == made.issuers


def test_pkcs12_holds_both_behind_a_password(authority: Authority, tmp_path: Path) -> None:
    made = authority.issue(key=rsa_key())
    content = serialize_key_and_certificates(
        "签章".encode(), made.key, made.certificate, made.issuers, BestAvailableEncryption("口令 1".encode())
    )
    key, password, other = written(tmp_path, key=content, password="口令 1\n".encode(), other=b"x")
    read = read_seal_key(key, None, password)
    assert (read.certificate, read.issuers) == (made.certificate, made.issuers)
    for wrong in (other, None):
        with pytest.raises(Unusable, match="HUB_PAPER_PASSWORD_FILE"):
            read_seal_key(key, None, wrong)


def test_a_key_in_pem_may_have_a_password(authority: Authority, tmp_path: Path) -> None:
    made = authority.issue()
    content = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    key, certificate, password = written(tmp_path, key=content, certificate=pem_chain(made), password=b"secret\n")
    assert read_seal_key(key, certificate, password).certificate == made.certificate
    with pytest.raises(Unusable, match="HUB_PAPER_PASSWORD_FILE"):
        read_seal_key(key, certificate, None)


def test_what_openssl_makes_as_the_operators_guide_says_is_taken(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
    command = "openssl req -x509" + guide.partition("openssl req -x509")[2].partition("```")[0]
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    read = read_seal_key(tmp_path / "paper-key.pem", tmp_path / "paper-certificate.pem", None)
    assert read.seal.is_self_signed
    assert "某某协商平台签章" in read.seal.subject
    shown = subprocess.run(
        ["openssl", "x509", "-in", "paper-certificate.pem", "-noout", "-serial", "-fingerprint", "-sha256"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert f"serial={read.seal.serial}\n" in shown
    assert read.seal.fingerprint in shown.replace(":", "")


def test_files_that_cannot_be_used_are_named(authority: Authority, tmp_path: Path) -> None:
    made, other = authority.issue(), authority.issue()
    small = authority.issue(key=rsa_key(1024))
    sealing = authority.issue(may_sign=False)
    edwards = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key, certificate, rubbish, another = written(
        tmp_path, key=pem_of(made.key), certificate=pem_chain(made), rubbish=b"rubbish", another=pem_chain(other)
    )
    weak, its_own, wrong_use, of_use, odd = written(
        tmp_path, weak=pem_of(small.key), its_own=pem_chain(small), wrong_use=pem_of(sealing.key),
        of_use=pem_chain(sealing), odd=edwards,
    )  # fmt: skip
    absent = tmp_path / "absent"
    refused: tuple[tuple[tuple[Path, Path | None], str], ...] = (
        ((absent, certificate), "HUB_PAPER_KEY_FILE: .*No such file"),
        ((rubbish, certificate), "HUB_PAPER_KEY_FILE"),
        ((key, absent), "HUB_PAPER_CERTIFICATE_FILE: .*No such file"),
        ((key, rubbish), "HUB_PAPER_CERTIFICATE_FILE"),
        ((key, None), "HUB_PAPER_CERTIFICATE_FILE is needed"),
        ((key, another), "no certificate of the key"),
        ((weak, its_own), "2048 bits"),
        ((wrong_use, of_use), "keyUsage"),
        ((odd, certificate), "RSA or an elliptic-curve"),
    )
    for given, setting in refused:
        with pytest.raises(Unusable, match=setting) as stopped:
            read_seal_key(*given, None)
        assert "PRIVATE" not in str(stopped.value)


def test_the_hubs_own_says_that_it_is_for_a_demo(tmp_path: Path) -> None:
    path = tmp_path / "paper-seal.pem"
    made = parse_own_seal(own_seal_text(NOW), path)
    assert isinstance(made.key, ec.EllipticCurvePrivateKey)
    assert made.seal.is_self_signed
    assert made.seal.subject == f"CN={OWN_NAME}"
    assert made.seal.is_valid_at(NOW)
    for text in ("", "rubbish", own_seal_text(NOW).partition("-----BEGIN CERTIFICATE")[0]):
        with pytest.raises(Unusable, match=r"paper-seal\.pem"):
            parse_own_seal(text, path)


def test_a_seal_is_valid_from_its_beginning_to_its_end_and_ends_soon_for_thirty_days(authority: Authority) -> None:
    seal = seal_of(authority.issue(begins_at=NOW, ends_at=NOW + timedelta(days=60)).certificate)
    second, day = timedelta(seconds=1), timedelta(days=1)
    times = (NOW - second, NOW, NOW + 60 * day - second, NOW + 60 * day)
    assert [seal.is_valid_at(each) for each in times] == [False, True, True, False]
    soon = (NOW + 30 * day - second, NOW + 30 * day, NOW + 61 * day)
    assert [seal.ends_soon(each) for each in soon] == [False, True, True]
    assert not seal.is_self_signed


def test_serial_numbers_are_written_in_whole_bytes(authority: Authority) -> None:
    assert authority.issue(serial=0x0ABC).seal.serial == "0ABC"
