"""A backup put back is the hub of its moment, on either database, whichever it was taken from."""

import uuid
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import make_url

from hub import steps
from hub.domain.actor import HUB
from hub.domain.errors import Unusable
from hub.services.backups import checking, making
from hub.services.operating import audit
from hub.wiring import Hub
from storage import table_rows, tasks
from storage.backup_folder import BackupFolder
from storage.records import MailRecord, Record
from tests.services.backups.conftest import Filled, MakeHub, breaches_of, put_back
from tests.storage.postgres_server import PostgresServer

CHANGED_BY_RESTORING = {"audit_entry", "operator_task", "mail"}


def rows_of(hub: Hub) -> dict[str, list[bytes]]:
    """Every row of every table that a backup holds, as it would be written."""
    with hub.database.reading() as session:
        return {shape.name: list(table_rows.dump(session, shape)) for shape in table_rows.shapes()}


def mails_due(hub: Hub) -> Counter[str]:
    """How many mails that are due stand in which status."""
    with hub.reading(HUB) as tx:
        return Counter(tx.session.scalars(sa.select(MailRecord.status).where(MailRecord.next_try_at <= tx.now)))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_all_rows_and_files_come_back_into_either_database(
    kind: str, filled: Filled, tmp_path: Path, empty_hub: MakeHub
) -> None:
    before = rows_of(filled.hub)
    filled.back_up(tmp_path / "backup")
    target = empty_hub(kind)
    done = put_back(tmp_path / "backup", target)
    after = rows_of(target)
    assert set(before) == {*Record.metadata.tables} - table_rows.LEFT_OUT
    assert before["agreement"], before["evidence"]
    assert {name: rows for name, rows in after.items() if name not in CHANGED_BY_RESTORING} == {
        name: rows for name, rows in before.items() if name not in CHANGED_BY_RESTORING
    }
    assert done.rows == sum(map(len, before.values()))
    assert breaches_of(target) == breaches_of(filled.hub) == []
    target.require_up_to_date()


def test_the_hub_says_that_it_was_restored_and_asks_its_operator(
    filled: Filled, tmp_path: Path, empty_hub: MakeHub
) -> None:
    made = filled.back_up(tmp_path / "backup")
    target = empty_hub("sqlite")
    put_back(tmp_path / "backup", target, reason="the disk broke")
    with target.reading(HUB) as tx:
        line = audit.newest(tx, limit=1)[0]
        kinds = [each.kind for each in tasks.records_open(tx)]
    assert (line.kind, line.about) == ("restored", made.made_at)
    assert line.details.items() >= {"head": 1, "reason": "the disk broke", "version": "9.9.9"}.items()
    assert kinds == ["restored"]


def test_what_may_have_been_sent_since_is_sent_by_nobody(filled: Filled, tmp_path: Path, empty_hub: MakeHub) -> None:
    before = mails_due(filled.hub)
    filled.back_up(tmp_path / "backup")
    target = empty_hub("sqlite")
    done = put_back(tmp_path / "backup", target)
    after = mails_due(target)
    assert before["waiting"] == after["failed"] == done.held_mails > 0
    assert "waiting" not in after


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_hub_that_holds_anything_is_not_restored_into(
    kind: str, filled: Filled, tmp_path: Path, empty_hub: MakeHub
) -> None:
    filled.back_up(tmp_path / "backup")
    target = empty_hub(kind, template="migrated")
    put_back(tmp_path / "backup", target)
    before = rows_of(target)
    with pytest.raises(Unusable, match="the hub is not empty"):
        put_back(tmp_path / "backup", target)
    assert rows_of(target) == before


def test_a_store_that_holds_anything_else_is_not_restored_into(
    filled: Filled, tmp_path: Path, empty_hub: MakeHub
) -> None:
    filled.back_up(tmp_path / "backup")
    target = empty_hub("sqlite")
    parts = iter((b"another's", b""))
    target.store.write("ab" * 16, bytes(32), lambda _: next(parts), length=None, limit=100)
    with pytest.raises(Unusable, match="its evidence store holds 1 files"):
        put_back(tmp_path / "backup", target)
    with target.reading(HUB) as tx:
        assert table_rows.tables_in_use(tx.session) == []


def test_ways_in_that_were_open_do_not_come_back(filled: Filled, tmp_path: Path) -> None:
    made = filled.back_up(tmp_path / "backup")
    assert {"page_session", "access_token", "launch", "sign_in_code"}.isdisjoint(made.counts)
    assert checking.open_backup(BackupFolder(tmp_path / "backup"), filled.hub.keyring) == made


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("step", ["restore.object", "restore.rows"])
def test_one_that_was_broken_off_left_no_row_and_is_begun_again(
    step: str, kind: str, filled: Filled, tmp_path: Path, empty_hub: MakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(name: str) -> None:
        if name == step:
            raise KilledError

    made = filled.back_up(tmp_path / "backup")
    target = empty_hub(kind)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "on_step", die)
        with pytest.raises(KilledError):
            put_back(tmp_path / "backup", target)
    with target.reading(HUB) as tx:
        assert table_rows.tables_in_use(tx.session) == []
    # A power cut may leave a file of the store half.
    half = next((target.settings.home / "evidence").glob("*/*"))
    half.chmod(0o600)
    half.write_bytes(half.read_bytes()[:10])
    assert put_back(tmp_path / "backup", target).objects == made.objects
    assert breaches_of(target) == []


def test_the_owner_of_the_tables_needs_no_other_right(
    filled: Filled, tmp_path: Path, empty_hub: MakeHub, migrated_server: PostgresServer
) -> None:
    name = sql.Identifier(f"owner_{uuid.uuid4().hex}")
    filled.back_up(tmp_path / "backup")
    target = empty_hub("postgresql")
    address = make_url(target.settings.database_url)
    migrated_server.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER").format(name))
    migrated_server.execute(
        sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(address.database or ""), name)
    )
    plain = address.set(username=name.as_string().strip('"')).render_as_string()
    owned = empty_hub("sqlite", database_url=plain)
    put_back(tmp_path / "backup", owned)
    assert breaches_of(owned) == []
    # Neither who owns the tables nor the application sees one bank's rows alone.
    again = making.back_up(owned, owned.store, BackupFolder(tmp_path / "again"), owned.real_clock, hub_version="1")
    assert again.counts["negotiation"] == 1
