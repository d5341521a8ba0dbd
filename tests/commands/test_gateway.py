"""`hub client add --mer-id` and `hub gateway key`."""

from pathlib import Path

import pytest

from hub.banks.pairs.signers import SignMethod, new_keys, verifier_of
from hub.wiring import Hub
from tests.commands.conftest import RunHub

ADD = ("client", "add", "--name", "host app", "--scope", "applications:write")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """The public key of a merchant, RSA."""
    path = tmp_path / "merchant.pem"
    path.write_bytes(new_keys(SignMethod.RSA)[1])
    return path


def test_a_client_of_the_gateway_is_told_the_hubs_key(run_hub: RunHub, hub: Hub, key_file: Path) -> None:
    added = run_hub(*ADD, "--mer-id", "777290058110048", "--public-key", str(key_file), "--json").json
    assert set(added) == {"client_id", "client_secret", "hub_public_key", "hub_cert_id"}
    assert added["hub_cert_id"].isdigit()
    verifier_of(SignMethod.RSA, added["hub_public_key"].encode())
    keys = run_hub("gateway", "key", "--json").json
    assert [each["sign_method"] for each in keys] == ["01", "12"]
    assert keys[0] == {
        "sign_method": "01",
        "cert_id": added["hub_cert_id"],
        "public_key": added["hub_public_key"],
    }
    verifier_of(SignMethod.SM2, keys[1]["public_key"].encode())
    assert run_hub("gateway", "key", "--json").json == keys
    said = run_hub("gateway", "key", "--sign-method", "01").out
    assert said.count("BEGIN PUBLIC KEY") == 1
    assert added["hub_cert_id"] in said


def test_a_client_without_a_number_is_told_of_no_key(run_hub: RunHub) -> None:
    assert set(run_hub(*ADD, "--json").json) == {"client_id", "client_secret"}


def test_people_are_told_in_lines(run_hub: RunHub, key_file: Path) -> None:
    said = run_hub(*ADD, "--mer-id", "M1", "--public-key", str(key_file)).out
    assert [line.split()[0] for line in said.splitlines()[:3]] == ["client_id", "client_secret", "hub_cert_id"]
    assert "BEGIN PUBLIC KEY" in said


def test_words_that_do_not_fit_are_one_line_and_add_nothing(run_hub: RunHub, key_file: Path, tmp_path: Path) -> None:
    private = tmp_path / "private.pem"
    private.write_bytes(new_keys(SignMethod.RSA)[0])
    wrong: list[tuple[tuple[str, ...], str]] = [
        (("--mer-id", "M1"), "--public-key"),
        (("--public-key", str(key_file)), "--mer-id"),
        (("--mer-id", "M1", "--public-key", str(tmp_path / "gone")), "gone"),
        (("--mer-id", "M1", "--public-key", str(private)), "PEM public key"),
        (("--mer-id", "M1", "--public-key", str(key_file), "--sign-method", "12"), "PEM public key"),
        (("--mer-id", "M1", "--public-key", str(key_file), "--sign-method", "11"), "sign-method"),
        (("--mer-id", "M&1", "--public-key", str(key_file)), "merId"),
    ]
    for words, named in wrong:
        said = run_hub(*ADD, *words)
        assert said.status != 0
        assert named in said.error
        assert len(said.error.strip().splitlines()) == 1
    reader = run_hub(
        "client", "add", "--name", "b", "--scope", "applications:read", *wrong[-1][0][2:], "--mer-id", "M2"
    )
    assert "applications:write" in reader.error
    assert run_hub("client", "list", "--json").json == []
    assert run_hub(*ADD, "--mer-id", "M1", "--public-key", str(key_file)).status == 0
    twice = run_hub(*ADD[:3], "another", *ADD[4:], "--mer-id", "M1", "--public-key", str(key_file))
    assert (twice.status, "M1" in twice.error) == (1, True)
    assert len(run_hub("client", "list", "--json").json) == 1
