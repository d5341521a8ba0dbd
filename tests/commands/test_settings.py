"""What every command does with wrong settings, a database that cannot be used, and words it does not know."""

import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.wiring import Hub
from tests.commands.conftest import RunHub
from tests.test_settings import PRODUCTION

BANK = ("--code", "01020000", "--name-zh", "中国工商银行", "--name-en", "ICBC", "--adapter", "portal")
SOME = [("bank", "list"), ("check", "--all"), ("clock", "show"), ("db", "upgrade")]


@pytest.mark.parametrize("words", SOME, ids=" ".join)
def test_an_unknown_or_wrong_variable_stops_it_by_name(
    run_hub: RunHub, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HUB_COLOUR", "red")
    monkeypatch.setenv("HUB_ENV", "garden")
    said = run_hub(*words)
    assert (said.status, len(said.error.splitlines()), said.out) == (1, 1, "")
    assert "HUB_COLOUR" in said.error
    assert "HUB_ENV" in said.error


@pytest.mark.parametrize("words", [("up",), ("web",), ("worker",), ("db", "upgrade")], ids=" ".join)
@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"HUB_SECRET_KEYS": "demo-secret-demo-secret-demo-secret-demo"}, "HUB_SECRET_KEYS"),
        ({"HUB_SECRET_KEYS": "short"}, "HUB_SECRET_KEYS"),
        ({"HUB_SECRET_KEYS": ""}, "HUB_SECRET_KEYS"),
        ({"HUB_PUBLIC_URL": "http://hub.example"}, "HUB_PUBLIC_URL"),
        ({"HUB_SMS_URL": "http://sms.example"}, "HUB_SMS_URL"),
        ({"HUB_IDENTITY_URL": "simulated://"}, "HUB_IDENTITY_URL"),
        ({"HUB_SCANNER_URL": ""}, "HUB_SCANNER_URL"),
    ],
    ids=lambda given: given if isinstance(given, str) else "=".join(next(iter(given.items()))),
)
def test_production_that_is_not_safe_does_not_start(
    run_hub: RunHub, monkeypatch: pytest.MonkeyPatch, unsafe: dict[str, str], named: str, words: tuple[str, ...]
) -> None:
    for name, value in {**PRODUCTION, **unsafe}.items():
        monkeypatch.setenv(name, value)
    said = run_hub(*words)
    assert (said.status, len(said.error.splitlines()), said.out) == (1, 1, "")
    assert named in said.error
    assert not unsafe.get(named) or len(unsafe[named]) < 12 or unsafe[named] not in said.error


@pytest.mark.parametrize(
    "words",
    [("nope",), ("bank", "nope"), ("bank", "add", "--code", "1"), ("calendar", "show", "--from", "x", "--days", "3")],
    ids=" ".join,
)
def test_words_that_do_not_fit_are_one_line_that_says_where_help_is(run_hub: RunHub, words: tuple[str, ...]) -> None:
    said = run_hub(*words)
    assert (said.status, len(said.error.splitlines()), said.out) == (2, 1, "")
    assert "--help" in said.error


def test_a_group_alone_lists_its_commands(run_hub: RunHub) -> None:
    said = run_hub("bank")
    assert said.status == 2
    assert "add" in said.error + said.out


def test_a_variable_in_a_file_is_read_and_checked_too(
    run_hub: RunHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("HUB_SHAPE=round\n", encoding="utf-8")
    assert "HUB_SHAPE" in run_hub("bank", "list").error
    (tmp_path / ".env").write_text("HUB_HELP_PHONE=12378\n", encoding="utf-8")
    assert run_hub("bank", "list").status == 0


@pytest.mark.parametrize("words", SOME, ids=" ".join)
@pytest.mark.parametrize("database", ["nobody", "no folder", "no database"])
def test_a_database_that_cannot_be_used_is_one_line(
    run_hub: RunHub, home: Path, monkeypatch: pytest.MonkeyPatch, database: str, words: tuple[str, ...]
) -> None:
    if words == ("clock", "show") and database == "nobody":
        monkeypatch.setenv("HUB_ENV", "embedded")
    if database == "nobody":
        monkeypatch.setenv("HUB_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    elif database == "no folder":
        monkeypatch.setenv("HUB_HOME", "/dev/null/home")
    else:
        (home / "hub.db").write_bytes(b"this is no database at all" * 100)
    said = run_hub(*words)
    assert (said.status, len(said.error.splitlines()), said.out) == (1, 1, "")


@pytest.mark.parametrize("words", [("bank",), ("bank", "lost"), ("bank", "show"), ("record", "export", "x"), ("lost",)])
def test_words_it_does_not_know_are_no_crash(run_hub: RunHub, words: tuple[str, ...]) -> None:
    said = run_hub(*words)
    assert said.status == 2
    assert "Traceback" not in said.error


def test_every_group_has_help(run_hub: RunHub) -> None:
    said = run_hub("--help")
    assert said.status == 0
    for group in ("up", "web", "worker", "db", "demo", "bank", "client", "calendar", "clock", "sla", "log", "record"):
        assert group in said.out
        assert run_hub(group, "--help").status == 0


@pytest.mark.parametrize(
    ("content", "is_read"),
    [
        ("HUB_HELP_PHONE=12378\r\n# 帮助\r\n".encode("utf-8-sig"), True),
        ("HUB_HELP_PHONE=12378\n# 帮助\n".encode("utf-16"), True),
        (b"\xfe\xff" + "HUB_HELP_PHONE=12378\n".encode("utf-16-be"), True),
        ("HUB_HELP_PHONE=12378\n".encode("utf-32"), True),
        ("HUB_HELP_PHONE=12378\n".encode("utf-16-le"), False),
        ("HUB_HELP_PHONE=求助电话\n".encode("gbk"), False),
        ("# 帮助\nHUB_HELP_PHONE=12378\n".encode("gbk"), False),
        ("HUB_HELP_PHONE=電話\n".encode("big5"), False),
        (b"\xff\xfeH", False),
        (b"HUB_HELP_PHONE='12378\n", False),
        (b"", True),
    ],
)
def test_a_file_in_any_encoding_is_read_or_refused_by_name(
    run_hub: RunHub, tmp_path: Path, content: bytes, *, is_read: bool
) -> None:
    (tmp_path / ".env").write_bytes(content)
    for words in (("bank", "list"), ("up", "--port", "0") if not is_read else ("bank", "list"), ("--version",)):
        said = run_hub(*words)
        if is_read or words == ("--version",):
            assert (said.status, said.error) == (0, "")
        else:
            assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
            assert str(tmp_path / ".env") in said.error


def test_a_value_that_is_no_text_is_named(run_hub: RunHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_HELP_PHONE", "求助".encode("gbk").decode("utf-8", "surrogateescape"))
    said = run_hub("bank", "list")
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert "HUB_HELP_PHONE" in said.error


def test_it_says_which_version_it_is(run_hub: RunHub) -> None:
    said = run_hub("--version")
    assert said.status == 0
    assert said.out.startswith("hub, version ")


def test_what_it_makes_is_its_owners_alone_and_doctor_says_where_it_is_not(run_hub: RunHub, home: Path) -> None:
    (home / "hub.db").unlink()
    assert run_hub("db", "upgrade").status == 0
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir() if path.is_file()}
    assert modes["hub.db"] == 0o600
    assert not [name for name, mode in modes.items() if mode & 0o077]
    parts = {each["part"]: each for each in run_hub("doctor", "--json").json["parts"]}
    assert parts["home"]["state"] == "fine"
    home.chmod(0o755)
    parts = {each["part"]: each for each in run_hub("doctor", "--json").json["parts"]}
    assert (parts["home"]["state"], "chmod 700" in parts["home"]["detail"]) == ("warning", True)


def test_a_full_disk_is_said_to_be_full(run_hub: RunHub, hub: Hub) -> None:
    with hub.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def no_room(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(sa.pool.Pool, "connect", no_room)
    try:
        long = "x" * 60_000
        said = run_hub("bank", "add", *BANK, "--set", f"default_clause={long}")
    finally:
        sa.event.remove(sa.pool.Pool, "connect", no_room)
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert "make room" in said.error
    assert "HUB_DATABASE_URL" not in said.error
