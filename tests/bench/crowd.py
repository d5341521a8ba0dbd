"""A hub full of open negotiations, filled by rows: each with its sealed submission and its running clock."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any

import sqlalchemy as sa

from hub.domain import reminders
from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.application import HardshipReason
from hub.domain.clock import FixedClock
from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.plain import to_plain
from hub.domain.submission import Submission
from hub.services.applications import intake
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from schemas.application import load_application
from storage import banks, negotiations, queue_index
from storage.clients import add_client
from storage.records import Record, new_id
from storage.sealed_json import seal_json
from storage.submissions import submission_of
from tests import applications
from tests.bench.servers import Place, make_home, open_hub

_LOT = 5000
LARGE, SMALL, DUE = applications.ICBC, applications.CMB, applications.CITIC
_REASONS = tuple(HardshipReason)
_NAMES = ("王小明", "李秀英", "张伟", "刘洋", "陈静", "杨帆", "赵敏", "周强")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What all the negotiations have in common."""

    application_id: str
    client_id: str
    submission: Submission
    calendar_version: str


def fill(where: Place, name: str, *, large: int, small: int, now: datetime) -> tuple[Hub, Pattern]:
    """A hub whose bank LARGE has `large` open negotiations, and SMALL `small`; and the pattern for more of them."""
    make_home(where, name)
    hub = open_hub(where, name, clock=FixedClock(now))
    hub.upgrade()
    with hub.writing(HUB) as tx:
        for code, (zh, en) in applications.BANK_NAMES.items():
            banks.add_bank(tx, code=code, name_zh=zh, name_en=en, adapter="portal", settings={"hotline": "95588"})
        client, _ = add_client(tx, name="host app", scopes=("applications:write",), bank_code=None)
    pattern = _pattern(hub, client.id)
    add(hub, pattern, LARGE, large, soonest=timedelta(days=20), spread=timedelta(days=60))
    add(hub, pattern, SMALL, small, soonest=timedelta(days=20), spread=timedelta(days=60))
    with hub.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    return hub, pattern


def _pattern(hub: Hub, client_id: str) -> Pattern:
    body = applications.of_today(applications.application(applications.CITIC))
    loaded = load_application(body, now=hub.clock.now())
    if loaded.value is None:
        raise RuntimeError(str(loaded.faults))
    actor = Actor(party=Party.CARDHOLDER, id=f"client/{client_id}", channel=Channel.API)
    with hub.writing(actor) as tx:
        application_id = intake.submit(tx, loaded.value, client_id=client_id)
        [row] = negotiations.list_of_application(tx, application_id)
        return Pattern(
            application_id=application_id,
            client_id=client_id,
            submission=submission_of(tx, row),
            calendar_version=tx.calendar().version,
        )


_numbers = count(1)


def add(
    hub: Hub,
    pattern: Pattern,
    bank_code: str,
    many: int,
    *,
    soonest: timedelta,
    spread: timedelta,
    lead: timedelta = timedelta(),
) -> None:
    """`many` more negotiations are open, due evenly from `soonest` after now on; opened `lead` before their time."""
    with hub.writing(HUB) as tx:
        rows = _rows(tx, pattern, bank_code, many, soonest, spread, lead)
        while lot := list(islice(rows, _LOT)):
            for name, of_lot in zip(("negotiation", "submission", "clock"), zip(*lot, strict=True), strict=True):
                tx.session.execute(sa.insert(Record.metadata.tables[name]), list(of_lot))


def _rows(
    tx: HubTransaction,
    pattern: Pattern,
    bank_code: str,
    many: int,
    soonest: timedelta,
    spread: timedelta,
    lead: timedelta,
) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    calendar, opened_at = tx.calendar(), tx.now - timedelta(days=3) - lead
    for index in range(many):
        due_at = tx.now + soonest + spread * index / many
        number, negotiation_id = next(_numbers), new_id()
        submission = replace(
            pattern.submission,
            applicant=replace(pattern.submission.applicant, name=_NAMES[number % len(_NAMES)]),
            hardship=replace(pattern.submission.hardship, reasons=(_REASONS[number % len(_REASONS)],)),
        )
        body = to_plain(submission)
        shown = queue_index.columns_of(tx, id_=negotiation_id, bank_code=bank_code, version=1, submission=submission)
        # As many sums as there are cases, whatever the pattern owes.
        shown["owed_hundreds"] = number % 3000
        yield (
            {
                "id": negotiation_id, "reference": f"XS-BENCH-{number:08d}", "application_id": pattern.application_id,
                "bank_code": bank_code, "client_id": pattern.client_id, "person_index": secrets.token_bytes(32),
                "subject_index": secrets.token_bytes(32), "mobile_index": secrets.token_bytes(32),
                "status": "awaiting_bank", "version": 1, "reached_bank_at": opened_at, "due_at": due_at,
                "log_length": 0, "log_head": NO_PREVIOUS, "opened_at": opened_at, "updated_at": opened_at, **shown,
            },
            {
                "negotiation_id": negotiation_id, "version": 1, "bank_code": bank_code, "submitted_at": opened_at,
                "body_sealed": seal_json(tx, body, table="submission", column="body", row=f"{negotiation_id}/1"),
            },
            {
                "id": new_id(), "negotiation_id": negotiation_id, "bank_code": bank_code, "delivery_id": new_id(),
                "opened_at": opened_at, "response_days": 7, "closes_at": "18:00", "due_at": due_at,
                "calendar_version": pattern.calendar_version, "provisional": False,
                "remind_at": reminders.first_step_after(opened_at, due_at, calendar),
            },
        )  # fmt: skip
