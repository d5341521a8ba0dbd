"""Who looks at very many cases, or takes many tables out, in a short time: one task and one line a day."""

from datetime import timedelta

import pytest

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.export import ExportFormat, ExportKind, ExportOrder
from hub.domain.staff import Role
from hub.services.accounts.staff import Staff
from hub.services.exports import ordering
from hub.services.operating import audit, many_readings, operator_tasks
from storage import access_log
from storage.records import MailRecord
from tests.applications import ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase

PERSON = Staff(id="a" * 32, bank_code=ICBC, email="a@b.cn", role=Role.REVIEWER, name="周敏", is_demo=False)


def read(case: Case, actor: Actor = PERSON.actor, what: str = "negotiation") -> None:
    with case.hub.writing(actor) as tx:
        access_log.note(tx, case.id, bank_code=ICBC, actor=actor, what=what)
        many_readings.look_at_cases(tx, bank_code=ICBC)


def alarms(case: Case) -> tuple[int, int]:
    """How many tasks of an operator and lines of the audit there are of it."""
    with case.hub.reading(HUB) as tx:
        tasks = [each for each in operator_tasks.open_tasks(tx) if each.kind == "many_cases_read"]
        lines = [each for each in audit.newest(tx) if each.kind == "many_cases_read"]
        assert {each.bank_code for each in tasks} | {each.bank_code for each in lines} <= {ICBC}
    return len(tasks), len(lines)


@pytest.mark.parametrize(("name", "what"), [("MANY_CASES", "negotiation"), ("MANY_IN_FULL", "in_full/account/核对")])
def test_many_cases_in_ten_minutes_are_one_alarm_a_person_and_day(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch, name: str, what: str
) -> None:
    monkeypatch.setattr(many_readings, name, 2)
    first, second = open_case(), open_case()
    for _ in range(3):
        read(first, what=what)
    assert alarms(first) == (0, 0)
    for _ in range(3):
        read(second, what=what)
    assert alarms(first) == (1, 1)
    with first.hub.reading(HUB) as tx:
        [task] = operator_tasks.open_tasks(tx)
        told = tx.session.query(MailRecord).filter_by(kind="many_readings").all()
        assert [(each.bank_code, each.about_id, each.reader) for each in told] == [(ICBC, PERSON.id, "everybody")]
    assert task.params["count"] == 2


def test_slow_readers_and_programs_of_banks_are_no_alarm(open_case: OpenCase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_readings, "MANY_CASES", 2)
    first, second = open_case(), open_case()
    read(first)
    first.clock.at += timedelta(minutes=11)
    read(second)
    program = Actor(party=Party.BANK, id="client/x", channel=Channel.API)
    for case in (first, second):
        read(case, actor=program)
    assert alarms(first) == (0, 0)


def test_many_tables_in_a_day_are_an_alarm(open_case: OpenCase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_readings, "MANY_TABLES", 2)
    case = open_case()
    order = ExportOrder(kind=ExportKind.QUEUE, format=ExportFormat.CSV, fields=("reference",), which={})
    for expected in ((0, 0), (1, 1), (1, 1)):
        with case.hub.writing(PERSON.actor) as tx:
            ordering.ask(tx, PERSON, order)
        assert alarms(case) == expected
