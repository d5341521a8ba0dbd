"""What every command does with wrong settings, a database that cannot be used, and words it does not know."""

from pathlib import Path

import pytest

from tests.commands.conftest import RunHub

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
