"""Who looks at very many files or cases in a short time, or takes many tables out: an operator and the bank's
administrators are told, and the audit has it.

A clerk reads some files of some cases in ten minutes. Somebody who takes a bank's files away opens all of them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from hub.domain.actor import Party
from hub.services.notifications import staff_mails
from hub.services.operating import audit, operator_tasks
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import access_log, exports
from storage import audit as audit_lines

WITHIN: Final = timedelta(minutes=10)
MANY: Final = 200
MANY_CASES: Final = 200
MANY_IN_FULL: Final = 50
MANY_ORIGINALS: Final = 20
MANY_TABLES: Final = 20
TABLES_WITHIN: Final = timedelta(hours=24)
_PREFIX: Final = f"{Party.BANK}:staff/"
ORIGINAL: Final = "original"
FILE_READ: Final = ("evidence/", "view/", f"{ORIGINAL}/")
"""How lines of the access log begin that are of a file: its copy, its pages, and what was sent."""


def look(tx: HubTransaction, *, bank_code: str) -> None:
    """Where the person of a bank who acts has read `MANY` files by now, there is one task a person and day.

    Programs of banks fetch files by themselves and are none of this.
    """
    if not _is_a_person(tx):
        return
    count = access_log.count_read(tx, actor=tx.actor, beginnings=FILE_READ, since=tx.now - WITHIN)
    count += len(
        {(about, each.get("file")) for about, each in _of_requests(tx, AuditKind.REQUEST_FILE_READ, bank_code)}
    )
    if count < MANY:
        return
    if operator_tasks.many_files_read(tx, bank_code, account=_account(tx), count=count):
        audit.note(tx, AuditKind.MANY_FILES_READ, bank_code, bank_code=bank_code, count=count)
        staff_mails.many_readings(tx, bank_code, _account(tx))


def look_at_cases(tx: HubTransaction, *, bank_code: str) -> None:
    """The same of `MANY_CASES` cases, and of `MANY_IN_FULL` people whose names and numbers were shown."""
    if not _is_a_person(tx):
        return
    since = tx.now - WITHIN
    for beginnings, many in ((("negotiation",), MANY_CASES), (("in_full",), MANY_IN_FULL)):
        count = access_log.count_cases(tx, actor=tx.actor, beginnings=beginnings, since=since)
        if many == MANY_IN_FULL:
            count += len({about for about, _ in _of_requests(tx, AuditKind.REQUEST_PERSON_READ, bank_code)})
        if count >= many:
            _alarm(tx, bank_code, count)


def look_at_originals(tx: HubTransaction, *, bank_code: str) -> None:
    """The same of `MANY_ORIGINALS` files of which the person took what was sent."""
    if not _is_a_person(tx):
        return
    count = access_log.count_read(tx, actor=tx.actor, beginnings=(f"{ORIGINAL}/",), since=tx.now - WITHIN)
    if count >= MANY_ORIGINALS:
        _alarm(tx, bank_code, count)


def look_at_tables(tx: HubTransaction, *, bank_code: str) -> None:
    """The same of `MANY_TABLES` exports that the person has asked for within a day."""
    count = exports.count_asked(tx, bank_code, by=str(tx.actor), since=tx.now - TABLES_WITHIN)
    if _is_a_person(tx) and count >= MANY_TABLES:
        _alarm(tx, bank_code, count)


def _of_requests(tx: HubTransaction, kind: AuditKind, bank_code: str) -> list[tuple[str, Mapping[str, Any]]]:
    # What is read of a request beside a negotiation stands in the audit, the access log being of negotiations.
    since = tx.now - WITHIN
    return audit_lines.list_of_actor(tx, kind, bank_code=bank_code, actor=str(tx.actor), since=since)


def _alarm(tx: HubTransaction, bank_code: str, count: int) -> None:
    if operator_tasks.many_cases_read(tx, bank_code, account=_account(tx), count=count):
        audit.note(tx, AuditKind.MANY_CASES_READ, bank_code, bank_code=bank_code, count=count)
        staff_mails.many_readings(tx, bank_code, _account(tx))


def _is_a_person(tx: HubTransaction) -> bool:
    return str(tx.actor).startswith(_PREFIX)


def _account(tx: HubTransaction) -> str:
    return str(tx.actor).removeprefix(_PREFIX)
