"""The logs and the notes beside them, on both databases: rows come in and are never changed or removed."""

from collections import defaultdict
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.consent import Purpose
from hub.services.consents import withdrawal
from hub.services.log_heads import signing
from hub.services.negotiations import notes
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.reading.bank.negotiation import packet_and_standing
from hub.wiring import Hub
from storage import append_only
from storage.access_log import list_readings
from storage.database import Database
from tests.applications import ICBC
from tests.conftest import Submit, Submitted
from tests.services.referrals.partner import consent_and_revoke
from tests.services.requests import asking
from tests.services.requests.asking import tiny_kind
from tests.storage.owner import as_owner

__all__ = ["tiny_kind"]

# A column of each table that has one of this name, or of its own.
COLUMN = defaultdict(
    lambda: "actor", log_head="root", log_end="head", log_node="hash", row_seal="digest", consent="door"
) | dict.fromkeys(("referral_consent", "referral_revocation"), "referral_id")


@pytest.fixture
def sent(hub: Hub, tiny_kind: None, submitted: Submit, work_off: Callable[[], int]) -> Submitted:
    """A negotiation that its bank has read once."""
    made = submitted(ICBC)
    work_off()
    with hub.writing(HUB) as tx:
        packet_and_standing(tx, made.negotiation, bank_code=ICBC, language="zh")
        audit.note(tx, AuditKind.CLOCK_RESET)
        notes.add(tx, made.negotiation, "a note", bank_code=ICBC)
        withdrawal.withdraw(tx, made.negotiation, Purpose.MEDICAL_DATA, client_id=made.client.id)
        asking.open_one(tx)
    consent_and_revoke(hub)
    signing.sign_all(hub)
    return made


def run(hub: Hub, statement: str) -> None:
    with as_owner(hub.settings.database_url) as connection:
        connection.execute(sa.text(statement))


def rows(hub: Hub) -> list[int]:
    with hub.database.engine.connect() as connection:
        return [
            connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() for table in append_only.TABLES
        ]


@pytest.mark.parametrize("table", append_only.TABLES)
def test_no_row_of_a_log_is_changed_removed_or_emptied_away(hub: Hub, sent: Submitted, table: str) -> None:
    before = rows(hub)
    assert min(before) > 0
    statements = [f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}", f"DELETE FROM {table}"]
    if not hub.database.on_sqlite:
        statements += [f"TRUNCATE {table} CASCADE", f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]} WHERE false"]
    for statement in statements:
        with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
            run(hub, statement)
    assert rows(hub) == before


@pytest.mark.parametrize("table", append_only.TABLES)
def test_the_hub_may_not_even_try_on_postgresql(postgresql_database: str, table: str) -> None:
    opened = Database(postgresql_database)
    refusals = {
        f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}": "permission denied",
        f"DELETE FROM {table}": "permission denied",
        f"TRUNCATE {table}": "permission denied",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL": "must be owner",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY": "must be owner",
    }
    if table in append_only.ERASABLE:
        # What it may take out its trigger says: rows of a negotiation that was erased, and no others.
        del refusals[f"DELETE FROM {table}"]
    for statement, refusal in refusals.items():
        with pytest.raises(sa.exc.ProgrammingError, match=refusal), opened.engine.begin() as connection:
            connection.execute(sa.text(statement))
    opened.close()


def test_a_log_row_cannot_be_replaced(hub: Hub, sent: Submitted) -> None:
    columns = (
        "negotiation_id, sequence, bank_code, at, channel, party, actor, kind, attachments, content, previous, digest"
    )
    copy = f"SELECT {columns} FROM log_entry WHERE sequence = 1"
    verb = "INSERT OR REPLACE INTO" if hub.database.on_sqlite else "INSERT INTO"
    conflict = "" if hub.database.on_sqlite else " ON CONFLICT (negotiation_id, sequence) DO UPDATE SET kind = 'x'"
    before = rows(hub)
    with pytest.raises(sa.exc.DBAPIError):
        run(hub, f"{verb} log_entry ({columns}) {copy}{conflict}")
    assert rows(hub) == before


def test_the_triggers_can_be_taken_away_and_put_back_by_a_migration(hub: Hub, sent: Submitted) -> None:
    dialect, url = hub.database.engine.dialect.name, hub.settings.database_url
    with as_owner(url) as connection:
        for statement in append_only.undo_statements(dialect):
            connection.execute(sa.text(statement))
    run(hub, "UPDATE access_entry SET what = what")
    with as_owner(url) as connection:
        for statement in append_only.statements(dialect):
            connection.execute(sa.text(statement))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        run(hub, "UPDATE access_entry SET what = what")


def test_every_reading_is_a_line_with_who_and_what(hub: Hub, sent: Submitted) -> None:
    with hub.reading(HUB) as tx:
        [reading] = list_readings(tx, sent.negotiation)
        assert (reading.actor, reading.what, reading.bank_code) == ("hub:hub", "negotiation", ICBC)
