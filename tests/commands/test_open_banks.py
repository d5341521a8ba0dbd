"""`hub bank add --closed`, `open`, `close`, another adapter or name; and what is secret of a bank at rest."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.banks.outgoing import Reach
from hub.domain.actor import HUB
from hub.services.reading import directory
from hub.wiring import Hub
from storage import banks, schema
from tests.commands.conftest import RunHub

CODE = "01050000"
SECRET = f"whsec_{'a' * 32}"
URL = "http://127.0.0.1:9/in"
NAMED = ("--code", CODE, "--name-zh", "建设银行", "--name-en", "CCB")
WEBHOOK = (*NAMED, "--adapter", "webhook", "--set", f"url={URL}", "--set", f"secret={SECRET}")


def offered(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [each.code for each in directory.list_banks(tx)]


def test_a_bank_is_added_closed_examined_opened_and_closed(run_hub: RunHub, hub: Hub) -> None:
    added = run_hub("bank", "add", *WEBHOOK, "--closed", "--json")
    assert added.json["open"] is False
    assert offered(hub) == []
    examined = run_hub("conformance", CODE, "--json")
    assert examined.json[0]["name"]
    assert "no such" not in examined.error
    for word, open_now in (("open", True), ("open", True), ("close", False), ("close", False)):
        assert run_hub("bank", word, CODE, "--json").json["open"] is open_now
        assert offered(hub) == ([CODE] if open_now else [])
        assert ("closed" in run_hub("bank", "list").out) is not open_now
    assert run_hub("bank", "open", "99999999").status == 1


def test_adapter_and_names_are_changed_beside_keys(run_hub: RunHub) -> None:
    run_hub("bank", "add", *WEBHOOK, "--set", "hotline=95533")
    said = run_hub("bank", "set", CODE, "adapter=email", "name_en=CCB Cards")
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert "desk_email=VALUE" in said.error
    changed = run_hub(
        "bank", "set", CODE, "adapter=email", "name_en=CCB Cards", "desk_email=d@b.example", "--json"
    ).json
    assert (changed["adapter"], changed["name_en"], changed["name_zh"]) == ("email", "CCB Cards", "建设银行")
    assert changed["settings"]["hotline"] == "95533"
    assert not {"url", "secret"} & changed["settings"].keys()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://127.0.0.1:8215/in", "127.0.0.1"),
        ("https://169.254.169.254/latest", "169.254.169.254"),
        ("https://10.1.2.3/", "10.1.2.3"),
        ("https://[::1]/", "::1"),
        ("https://inside.example/", "inside.example"),
    ],
)
def test_an_address_that_no_delivery_goes_to_is_refused_when_it_is_set(
    run_hub: RunHub, hub: Hub, monkeypatch: pytest.MonkeyPatch, url: str, host: str
) -> None:
    names = {"inside.example": ["192.168.1.1"], "outside.example": ["93.184.216.34"]}
    monkeypatch.setattr(Hub, "reach", Reach(loopback=False, resolve=lambda name: names.get(name, [name])))
    words = (*NAMED, "--adapter", "webhook", "--set", f"secret={SECRET}", "--set")
    said = run_hub("bank", "add", *words, f"url={url}")
    assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
    assert said.error.startswith("Error: url:")
    assert host in said.error
    assert run_hub("bank", "list", "--json").json == []
    assert run_hub("bank", "add", *words, "url=https://outside.example/").status == 0
    assert run_hub("bank", "set", CODE, f"url={url}").status == 1
    allowed = Reach(loopback=False, allowed_hosts=frozenset({host}), resolve=lambda name: names.get(name, [name]))
    monkeypatch.setattr(Hub, "reach", allowed)
    assert run_hub("bank", "set", CODE, f"url={url}").status == 0


def clear_bytes(home: Path) -> bytes:
    with sa.create_engine(f"sqlite:///{home / 'hub.db'}").connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM bank")).all()
    return repr(rows).encode()


def test_a_secret_is_sealed_and_never_shown(run_hub: RunHub, home: Path, hub: Hub) -> None:
    for words in (("bank", "add", *WEBHOOK), ("bank", "set", CODE, f"secret={SECRET[:-1]}b {SECRET}")):
        said = run_hub(*words)
        assert said.status == 0
        assert SECRET[6:] not in said.out + said.error
        assert SECRET[6:].encode() not in clear_bytes(home)
        assert URL.encode() in clear_bytes(home)
    shown = run_hub("bank", "show", CODE, "--json").json["settings"]
    assert (shown["secret"], shown["url"]) == ("(set)", URL)
    with hub.reading(HUB) as tx:
        assert banks.get_bank(tx, CODE).settings["secret"] == f"{SECRET[:-1]}b {SECRET}"


def test_a_secret_from_before_is_sealed_when_the_hub_is_brought_up_to_date(run_hub: RunHub, home: Path) -> None:
    run_hub("bank", "list")
    engine = sa.create_engine(f"sqlite:///{home / 'hub.db'}")
    schema.downgrade(engine, "0004")
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO bank VALUES (:code, '行', 'B', 'webhook', :settings, '2026-11-21 00:00:00')"),
            {"code": CODE, "settings": f'{{"url": "{URL}", "secret": "{SECRET}", "hotline": "1"}}'},
        )
    engine.dispose()
    shown = run_hub("bank", "show", CODE, "--json").json["settings"]
    assert (shown["secret"], shown["url"], shown["hotline"]) == ("(set)", URL, "1")
    assert SECRET[6:].encode() not in clear_bytes(home)
    assert run_hub("bank", "set", CODE, "hotline=95533").status == 0
    assert SECRET[6:].encode() not in clear_bytes(home)
