"""`hub check` and `hub log verify` in parts: stopped or killed they go on where they were, and find what they found."""

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB, Actor
from hub.services.documents import log_verification
from hub.services.log_heads import log_sections, signing
from hub.services.operating import invariants, negotiation_invariants
from hub.services.operating.breach import Breach
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage import access_log
from storage.append_only import undo_statements
from storage.evidence_store import FolderStore
from storage.records import LogHeadRecord, NegotiationRecord
from tests.applications import ICBC
from tests.commands.conftest import CommandResult, RunHub
from tests.conftest import Submit


@pytest.fixture
def cases(hub: Hub, submitted: Submit, work_off: Callable[[], int]) -> list[str]:
    """The ids of six negotiations, under four heads."""
    ids = []
    for _ in range(3):
        ids += [submitted(ICBC).negotiation for _ in range(2)]
        work_off()
        with hub.writing(HUB) as tx:
            row = tx.session.get_one(NegotiationRecord, ids[-1])
            access_log.note_reading(tx, row, HUB, "page")
        assert signing.sign_all(hub) == 1
    with hub.writing(HUB) as tx:
        access_log.note_reading(tx, tx.session.get_one(NegotiationRecord, ids[0]), HUB, "page")
    assert signing.sign_all(hub) == 1
    return ids


@pytest.fixture(autouse=True)
def by_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each slice is of one row or a few."""
    monkeypatch.setattr(invariants, "_TOGETHER", 2)
    monkeypatch.setattr(log_sections, "HEADS_TOGETHER", 1)
    monkeypatch.setattr(log_sections, "ROWS_TOGETHER", 2)
    monkeypatch.setattr(log_verification, "_CHAINS_TOGETHER", 2)


def tamper(hub: Hub, *statements: str) -> None:
    with hub.database.engine.begin() as connection:
        for each in [*undo_statements("sqlite"), *statements]:
            connection.execute(sa.text(each))


def in_parts(run_hub: RunHub, *words: str) -> tuple[int, set[str]]:
    """The status at the end of a pass that is stopped after every row, and all lines that its runs said."""
    lines: set[str] = set()
    for _ in range(2000):
        said = run_hub(*words, "--limit", "1")
        lines |= {each for each in said.error.splitlines() if not each.startswith(("Not at the end", "Keep what"))}
        if "Not at the end" not in said.error:
            return said.status, lines
    raise AssertionError("no end")


def test_a_pass_that_is_stopped_goes_on_to_its_end_and_then_begins_anew(
    run_hub: RunHub, cases: list[str], tmp_path: Path
) -> None:
    for words, first, end in (
        (("check", "--all"), "negotiations", "Every invariant holds.\n"),
        (("log", "verify"), "chains", "Logs verified by this last run: 4; with them the access log"),
    ):
        file = tmp_path / words[0]
        said = run_hub(*words, "--progress", str(file), "--limit", "1")
        assert (said.status, said.out) == (0, "")
        assert said.error == f"Not at the end yet, stopped in: {first}. The same command goes on.\n"
        assert json.loads(file.read_text())["after"] == [sorted(cases)[1]]
        said = run_hub(*words, "--progress", str(file))
        assert (said.status, end in said.out, file.exists()) == (0, True, False)


def test_a_run_that_is_killed_is_gone_on_with_and_its_breach_is_not_forgotten(
    run_hub: RunHub, hub: Hub, cases: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "progress"
    tamper(hub, f"UPDATE log_entry SET party = 'bank' WHERE sequence = 2 AND negotiation_id = '{min(cases)}'")
    looked_at: list[str] = []
    whole = negotiation_invariants.OF_A_NEGOTIATION

    def dying(_tx: HubTransaction, negotiation: NegotiationRecord) -> Iterator[Breach]:
        looked_at.append(negotiation.id)
        if len(looked_at) == 4:
            raise KeyboardInterrupt
        return iter(())

    with monkeypatch.context() as patched:
        patched.setattr(invariants, "OF_A_NEGOTIATION", (*whole, dying))
        said = run_hub("check", "--all", "--progress", str(file))
        assert (said.status, "log_chain" in said.error) == (1, True)
    said = run_hub("check", "--all", "--progress", str(file))
    # Found by the run before, and this one exits 1 for it.
    assert (said.status, said.error, said.out, file.exists()) == (1, "", "", False)
    assert looked_at == sorted(cases)[:4]


def test_each_slice_is_a_transaction_of_its_own(
    run_hub: RunHub, hub: Hub, cases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    reading = Hub.reading

    @contextmanager
    def counting(self: Hub, actor: Actor) -> Iterator[HubTransaction]:
        with reading(self, actor) as tx:
            opened.append(0)
            yield tx
            opened[-1] = sum(isinstance(each, NegotiationRecord) for each in tx.session)

    monkeypatch.setattr(Hub, "reading", counting)
    for words in (("check", "--all"), ("log", "verify")):
        opened.clear()
        assert run_hub(*words).status == 0
        assert len(opened) > len(cases)
        assert max(opened) <= 2


def test_no_transaction_is_open_while_files_are_read(
    run_hub: RunHub, hub: Hub, cases: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, seen = [0], list[int]()
    reading, read = Hub.reading, type(hub.store).read

    @contextmanager
    def counting(self: Hub, actor: Actor) -> Iterator[HubTransaction]:
        opened[0] += 1
        with reading(self, actor) as tx:
            yield tx
        opened[0] -= 1

    def noting(self: FolderStore, name: str, key: bytes, size: int) -> Iterator[bytes]:
        seen.append(opened[0])
        return read(self, name, key, size)

    assert run_hub("backup", str(tmp_path / "kept")).status == 0
    monkeypatch.setattr(Hub, "reading", counting)
    monkeypatch.setattr(type(hub.store), "read", noting)
    assert run_hub("check", "--all").status == 0
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o700)
    monkeypatch.setenv("HUB_HOME", str(empty))
    assert run_hub("restore", str(tmp_path / "kept")).status == 0
    assert (len(seen) >= 2 * len(cases), set(seen)) == (True, {0})


def test_a_head_that_is_taken_away_is_missed_by_runs_in_parts_too(
    run_hub: RunHub, hub: Hub, cases: list[str], tmp_path: Path
) -> None:
    with hub.reading(HUB) as tx:
        last = tx.session.scalar(sa.select(sa.func.max(LogHeadRecord.number)))
    tamper(hub, f"DELETE FROM log_head WHERE number = {last}")
    status, lines = in_parts(run_hub, "log", "verify", "--progress", str(tmp_path / "progress"))
    assert (status, [each.split(":")[0] for each in lines]) == (1, [f"head {last} is broken (number)"])


def test_what_is_no_progress_of_the_command_is_refused(run_hub: RunHub, cases: list[str], tmp_path: Path) -> None:
    file = tmp_path / "progress"
    strange = '{"command": "check", "database": null, "section": "x", "after": null, "broken": false}'
    for text in ("", "{}", "[]", strange):
        file.write_text(text)
        said = run_hub("check", "--all", "--progress", str(file))
        assert (said.status, "is no progress of `hub check`: remove it" in said.error) == (1, True), text
    assert run_hub("log", "verify", "--progress", str(tmp_path / "other"), "--limit", "1").status == 0
    said = run_hub("check", "--all", "--progress", str(tmp_path / "other"))
    assert (said.status, "is no progress of `hub check`" in said.error) == (1, True)
    assert run_hub("check", "--all", "--limit", "1").status == 2
    assert run_hub("log", "verify", cases[0], "--progress", str(tmp_path / "third")).status == 2


def test_the_progress_of_another_database_is_refused_and_not_gone_on_with(
    run_hub: RunHub, hub: Hub, cases: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "progress"
    assert run_hub("check", "--all", "--progress", str(file), "--limit", "1").status == 0
    kept = file.read_bytes()
    with hub.database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE sealing_key SET first_used_at = '2020-01-01 00:00:00.000000'"))
    said = run_hub("check", "--all", "--progress", str(file))
    assert (said.status, said.out) == (1, "")
    assert "is the progress of another database: name another file, or remove it" in said.error
    assert file.read_bytes() == kept


def test_a_second_run_with_the_same_progress_is_refused_while_the_first_goes_on(
    run_hub: RunHub, cases: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "progress"
    said: list[CommandResult] = []

    def beside(_tx: HubTransaction, _negotiation: NegotiationRecord) -> Iterator[Breach]:
        if not said:
            said.append(run_hub("log", "verify", "--progress", str(file)))
        return iter(())

    with monkeypatch.context() as patched:
        patched.setattr(invariants, "OF_A_NEGOTIATION", (beside,))
        assert run_hub("check", "--all", "--progress", str(file)).status == 0
    assert said[0].status == 1
    assert "another run goes on with" in said[0].error
    assert list(tmp_path.glob("progress*")) == []


def test_a_full_disk_is_one_line_that_names_the_file(
    run_hub: RunHub, cases: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_self: Path, _text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", no_room)
    said = run_hub("check", "--all", "--progress", str(tmp_path / "progress"))
    assert (said.status, said.out) == (1, "")
    assert said.error == f"Error: {tmp_path}/progress.part: No space left on device; make room.\n"
