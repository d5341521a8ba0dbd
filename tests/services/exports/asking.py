"""Who asks for tables at two banks, and the deeds around one export, each in a transaction of its own."""

import csv
import io
from datetime import timedelta
from typing import Any

from hub.domain.actor import HUB
from hub.domain.export import ExportFormat, ExportKind, ExportOrder
from hub.domain.export_fields import FIELDS
from hub.domain.staff import Role
from hub.services.accounts.staff import Staff
from hub.services.exports import ordering
from hub.wiring import Hub
from storage import exports
from storage.records import ExportRecord
from storage.submissions import submission_of
from tests.applications import CMB, ICBC
from tests.services.case import Case


def somebody(role: Role, name: str = "", bank: str = ICBC) -> Staff:
    return Staff(
        id=f"{role}{name}".ljust(32, "0"),
        bank_code=bank,
        email=f"{role}{name}@b.cn",
        role=role,
        name=name,
        is_demo=False,
    )


CLERK, CHIEF = somebody(Role.REVIEWER), somebody(Role.SUPERVISOR)
SECOND, THEIRS = somebody(Role.SUPERVISOR, "b"), somebody(Role.SUPERVISOR, "c", CMB)


def order(kind: ExportKind = ExportKind.QUEUE, **changes: Any) -> ExportOrder:
    names = tuple(each.name for each in FIELDS[kind])
    asked = {"kind": kind, "format": ExportFormat.CSV, "fields": names, "which": {}, **changes}
    return ExportOrder(**asked)


def ask(hub: Hub, person: Staff, asked: ExportOrder) -> str:
    with hub.writing(person.actor) as tx:
        return ordering.ask(tx, person, asked)


def decide(hub: Hub, person: Staff, export_id: str, *, approves: bool = True, text: str = "") -> None:
    with hub.writing(person.actor) as tx:
        ordering.decide(tx, person, export_id, approves=approves, text=text)


def take(hub: Hub, person: Staff, export_id: str) -> bytes:
    with hub.writing(person.actor) as tx:
        return b"".join(ordering.take(tx, hub.store, person, export_id).chunks)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def record(hub: Hub, export_id: str) -> ExportRecord:
    with hub.reading(HUB) as tx:
        return exports.get(tx, export_id, bank_code=ICBC)


def mobile_of(case: Case) -> str:
    with case.row() as (tx, row):
        return submission_of(tx, row).applicant.mobile


def names_in_store(case: Case) -> set[str]:
    return set(case.hub.store.list_names(case.hub.real_clock.now() + timedelta(days=400)))


IN_FULL: dict[str, Any] = {"in_full": True, "reason": "监管报送"}
