"""Secret keys that are lost, wrong or changed: what starts, what is refused, and that nothing new is sealed."""

import shutil
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from hub.app import create_app
from hub.domain.actor import HUB
from hub.wiring import Hub, hub_from_environment
from storage import schema
from storage.records import SealingKeyRecord
from tests.commands.conftest import SECRET, RunHub

OTHER = "another-secret-that-is-long-enough-and-nobody-used-before"
BANK = ("--code", "01020000", "--name-zh", "中国工商银行", "--name-en", "ICBC", "--adapter", "portal")
COMMANDS = [
    ("up", "--port", "0"),
    ("web", "--port", "0"),
    ("worker",),
    ("bank", "list"),
    ("check", "--all"),
    ("db", "upgrade"),
    ("task", "list"),
    ("sla", "report"),
    ("demo",),
]


def noted(home: Path) -> list[str]:
    with sa.create_engine(f"sqlite:///{home / 'hub.db'}").connect() as connection:
        return list(connection.scalars(sa.select(SealingKeyRecord.key_id)))


@pytest.fixture
def used(run_hub: RunHub) -> None:
    """The hub of the home was used under `SECRET`."""
    assert run_hub("bank", "add", *BANK).status == 0


@pytest.fixture
def own_keys(home: Path, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a hub that made its keys itself, and was used."""
    monkeypatch.delenv("HUB_SECRET_KEYS")
    assert run_hub("bank", "add", *BANK).status == 0
    return home / "secret-keys"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_wrong_key_stops_every_command_with_one_line(
    used: None, home: Path, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    before = noted(home)
    monkeypatch.setenv("HUB_SECRET_KEYS", OTHER)
    said = run_hub(*words)
    assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
    assert before[0] in said.error
    assert "HUB_SECRET_KEYS" in said.error
    assert noted(home) == before


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_lost_keys_are_never_made_anew_beside_what_they_sealed(
    own_keys: Path, run_hub: RunHub, words: tuple[str, ...]
) -> None:
    own_keys.unlink()
    said = run_hub(*words)
    assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
    assert str(own_keys) in said.error
    assert "HUB_SECRET_KEYS" in said.error
    assert not own_keys.exists()


def test_keys_of_another_hub_are_refused_by_the_name_of_their_file(own_keys: Path, run_hub: RunHub) -> None:
    own_keys.write_text(OTHER)
    said = run_hub("bank", "list")
    assert said.status == 1
    assert str(own_keys) in said.error


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\xff"])
def test_a_file_without_a_secret_is_named(own_keys: Path, run_hub: RunHub, content: bytes) -> None:
    own_keys.write_bytes(content)
    said = run_hub("bank", "list")
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert str(own_keys) in said.error
    assert own_keys.read_bytes() == content


def test_keys_are_lost_also_where_none_was_noted_yet(own_keys: Path, home: Path, run_hub: RunHub) -> None:
    with sa.create_engine(f"sqlite:///{home / 'hub.db'}").begin() as connection:
        connection.execute(sa.delete(SealingKeyRecord))
    own_keys.unlink()
    assert run_hub("bank", "list").status == 1
    assert not own_keys.exists()


def test_an_empty_hub_makes_its_keys_for_its_owner_alone(own_keys: Path) -> None:
    assert stat.S_IMODE(own_keys.stat().st_mode) == 0o600
    assert [each.name for each in own_keys.parent.glob("secret-keys*")] == ["secret-keys"]
    assert len(own_keys.read_text()) >= 32


@pytest.mark.parametrize("lost", [True, False])
def test_doctor_says_it_once(own_keys: Path, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch, *, lost: bool) -> None:
    if lost:
        own_keys.unlink()
    else:
        monkeypatch.setenv("HUB_SECRET_KEYS", OTHER)
    said = run_hub("doctor", "--json")
    parts = {each["part"]: each for each in said.json["parts"]}
    assert said.status == 1
    assert parts["keys"]["state"] == "wrong"
    assert (parts["database"]["state"], parts["migrations"]["state"]) == ("fine", "fine")
    assert sum("secret" in each["detail"] for each in said.json["parts"]) == 1
    assert own_keys.exists() is not lost


def ready(hub: Hub) -> FlaskClient:
    return create_app(hub).test_client()


def test_a_hub_whose_keys_do_not_fit_is_not_ready(used: None, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> None:
    for keys, status, failing in ((SECRET, 200, None), (OTHER, 503, ["keys"])):
        monkeypatch.setenv("HUB_SECRET_KEYS", keys)
        hub = hub_from_environment()
        answer = ready(hub).get("/readyz")
        hub.close()
        assert (answer.status_code, answer.get_json().get("failing")) == (status, failing)


def test_a_new_key_in_front_of_the_old_is_noted_and_both_are_asked_for_from_then_on(
    used: None, home: Path, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    [old] = noted(home)
    monkeypatch.setenv("HUB_SECRET_KEYS", f"{OTHER},{SECRET}")
    assert run_hub("bank", "list").status == 0
    assert len(noted(home)) == 2
    [new] = set(noted(home)) - {old}
    for keys, lacking in ((SECRET, new), (OTHER, old)):
        monkeypatch.setenv("HUB_SECRET_KEYS", keys)
        said = run_hub("bank", "list")
        assert (said.status, lacking in said.error) == (1, True)
    monkeypatch.setenv("HUB_SECRET_KEYS", f"{SECRET},{OTHER}")
    assert run_hub("bank", "list").status == 0


def test_a_key_that_is_added_behind_the_first_is_not_asked_for(
    used: None, home: Path, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for keys in (f"{SECRET},{OTHER}", SECRET):
        monkeypatch.setenv("HUB_SECRET_KEYS", keys)
        assert run_hub("bank", "list").status == 0
    assert len(noted(home)) == 1


@pytest.fixture
def older(home: Path, run_hub: RunHub) -> Path:
    """A home whose database was used, sealed a secret under `SECRET`, and comes from before keys were noted."""
    run_hub("client", "add", "--name", "app", "--scope", "applications:read")
    assert run_hub("client", "set", "app", "--notify-url", "http://127.0.0.1:9/").status == 0
    engine = sa.create_engine(f"sqlite:///{home / 'hub.db'}")
    schema.downgrade(engine, "0002")
    engine.dispose()
    return home


def test_a_database_from_before_is_noted_where_its_keys_open_it(
    older: Path, run_hub: RunHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_SECRET_KEYS", OTHER)
    assert run_hub("bank", "list").status == 1
    assert noted(older) == []
    monkeypatch.setenv("HUB_SECRET_KEYS", f"{OTHER},{SECRET}")
    assert run_hub("bank", "list").status == 0
    # The old one sealed something, the new one will.
    assert len(noted(older)) == 2


def test_a_copy_of_the_home_with_its_keys_is_the_same_hub(
    own_keys: Path, run_hub: RunHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(own_keys.parent, tmp_path / "copy")
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "copy"))
    hub = hub_from_environment()
    hub.require_up_to_date()
    with hub.reading(HUB) as tx:
        assert tx.keyring.check_values()
    hub.close()
