"""Secret keys that change: what was signed and sealed before holds, the audit says since when, and backups open."""

from pathlib import Path

import pytest

from tests.applications import ICBC
from tests.commands.conftest import SECRET, RunHub

OTHER = "another-secret-that-is-long-enough-and-nobody-used-before"
BANK = ("--code", ICBC, "--name-zh", "中国工商银行", "--name-en", "ICBC", "--adapter", "portal")


@pytest.fixture
def head(run_hub: RunHub, tmp_path: Path) -> Path:
    """A head that somebody has kept of a hub that was used under `SECRET`."""
    assert run_hub("bank", "add", *BANK).status == 0
    kept = tmp_path / "head.json"
    kept.write_text(run_hub("log", "head", "--sign").out)
    return kept


@pytest.fixture
def rotated(head: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_SECRET_KEYS", f"{OTHER},{SECRET}")


def changes(run_hub: RunHub) -> list[dict[str, object]]:
    return [each for each in run_hub("audit", "--json").json if each["kind"] == "key_changed"]


def test_the_first_key_of_a_hub_is_no_change(head: Path, run_hub: RunHub) -> None:
    assert changes(run_hub) == []


@pytest.mark.usefixtures("rotated")
def test_a_change_is_an_entry_under_the_first_head_of_the_new_key(head: Path, run_hub: RunHub, tmp_path: Path) -> None:
    assert run_hub("bank", "list").status == 0
    [change] = changes(run_hub)
    assert run_hub("bank", "list").status == 0
    assert changes(run_hub) == [change]
    newer = run_hub("log", "head", "--sign").json
    details = change["details"]
    assert isinstance(details, dict)
    assert (details["head_key_id"], newer["number"]) == (newer["key_id"], 2)
    assert details["before"] != change["about"]
    assert SECRET not in str(change)
    # The head of before was signed with the old key, and holds; so does the whole of both together.
    both = tmp_path / "both.jsonl"
    both.write_text(head.read_text() + run_hub("log", "head").out)
    said = run_hub("log", "verify", "--head", str(both))
    assert (said.status, said.out.endswith("the signed heads, against 2 kept outside.\n")) == (0, True)


@pytest.mark.usefixtures("rotated")
def test_without_the_secret_of_before_nothing_starts_and_one_line_says_which(
    run_hub: RunHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_hub("bank", "list").status == 0
    for keys in (OTHER, SECRET):
        monkeypatch.setenv("HUB_SECRET_KEYS", keys)
        said = run_hub("log", "head", "--sign")
        assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
        assert "put its secret back, behind the others; nothing was changed" in said.error


def test_a_backup_of_before_the_change_opens_as_long_as_its_key_is_there(
    head: Path, run_hub: RunHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "backup")
    assert run_hub("backup", folder).status == 0
    monkeypatch.setenv("HUB_SECRET_KEYS", f"{OTHER},{SECRET}")
    assert run_hub("restore", folder, "--drill", "--head", str(head)).status == 0
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("HUB_SECRET_KEYS", OTHER)
    said = run_hub("restore", folder)
    assert (said.status, "put its secret back into HUB_SECRET_KEYS" in said.error) == (1, True)
    monkeypatch.setenv("HUB_SECRET_KEYS", f"{OTHER},{SECRET}")
    assert run_hub("restore", folder).status == 0
    # The new key comes first in the restored hub, and that is on record there too.
    assert run_hub("bank", "list").status == 0
    assert len(changes(run_hub)) == 1
    assert run_hub("log", "verify", "--head", str(head)).status == 0
