"""Who looks at a page of a desk: the session with its account, team, bank and the bank's tally, by one statement."""

from typing import Any

import sqlalchemy as sa

from storage import tallies
from storage.records import Record
from storage.sessions import digest_of
from storage.transaction import Transaction

_SESSION, _STAFF, _TEAM, _BANK, _TALLY = (
    Record.metadata.tables[name] for name in ("page_session", "staff", "team", "bank", "bank_tally")
)
_FIND: sa.Select[Any] = (
    sa.select(
        _STAFF.c.id, _STAFF.c.bank_code, _STAFF.c.role, _STAFF.c.email_sealed, _STAFF.c.name, _STAFF.c.is_demo,
        _STAFF.c.team_id, _STAFF.c.active, _STAFF.c.daily_digest, _STAFF.c.assigned_mails, _STAFF.c.keyboard,
        _TEAM.c.name.label("team"), _BANK.c.name_zh.label("bank_name_zh"), _BANK.c.name_en.label("bank_name_en"),
        _SESSION.c.kind, _SESSION.c.digest, _SESSION.c.seen_at, _SESSION.c.ends_at, _SESSION.c.proved_at,
        _SESSION.c.previous_at, _SESSION.c.previous_device, _TALLY.c.counts,
    )
    .select_from(
        _SESSION.join(_STAFF, _STAFF.c.id == _SESSION.c.staff_id)
        .outerjoin(_TEAM, _TEAM.c.id == _STAFF.c.team_id)
        .outerjoin(_BANK, _BANK.c.code == _STAFF.c.bank_code)
        .outerjoin(_TALLY, _TALLY.c.bank_code == _STAFF.c.bank_code)
    )
    .where(_SESSION.c.digest == sa.bindparam("digest"))
)  # fmt: skip


def find(tx: Transaction, token: str) -> sa.Row[Any] | None:
    """The account of that token's session, whether or not either has ended; None where no staff's session is.

    Beside the account's columns: `team`, `bank_name_zh` and `bank_name_en`, None where the person has none, and of the
    session `kind`, `digest`, `seen_at`, `ends_at`, `proved_at`, `previous_at` and `previous_device`. The tally is known
    to `tallies.find` then.
    """
    found = tx.session.execute(_FIND, {"digest": digest_of(token)}).first()
    if found is not None and found.bank_code is not None:
        tallies.know(tx, found.bank_code, found.counts)
    return found
