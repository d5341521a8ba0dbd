"""Exports: masked for whoever asks, in full by two people, made once, sealed, taken on record and gone."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from hub import steps
from hub.domain.actor import HUB
from hub.domain.errors import NotAllowed, NotFound, Refused, StatusConflict
from hub.domain.export import ExportFormat, ExportKind, ExportOrder, ExportStatus
from hub.domain.masks import mask_mobile
from hub.domain.paging import Page
from hub.domain.staff import Role
from hub.jobs.port import QUEUES
from hub.services.accounts.staff import Staff
from hub.services.consents import withdrawal
from hub.services.evidence import scrubbing
from hub.services.exports import making, ordering, rows
from hub.services.operating import audit, operator_tasks
from hub.services.reading.reading_log import readings_by_day
from hub.wiring import Hub
from storage import exports
from tests.applications import CMB, ICBC, card
from tests.bent import bent
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase
from tests.services.exports.asking import (
    CHIEF,
    CLERK,
    IN_FULL,
    SECOND,
    THEIRS,
    ask,
    decide,
    mobile_of,
    names_in_store,
    order,
    record,
    somebody,
    table,
    take,
)


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A case of ICBC, beside one of another bank."""
    open_case(CMB)
    return open_case()


def test_a_table_waits_in_its_banks_own_lane_and_not_among_papers(hub: Hub, open_case: OpenCase) -> None:
    open_case()
    export_id = ask(hub, CHIEF, order())
    assert hub.jobs.count_waiting()["exports"] == 1
    lane = ordering.job_of(export_id, ICBC, why="asked")
    assert (lane.queue, lane.partition) == ("exports", ICBC)
    [rule] = [each for each in QUEUES if each.name == lane.queue]
    assert rule.per_partition == 1


def test_each_row_of_csv_says_who_took_it_when_and_that_people_are_masked(case: Case) -> None:
    masked, in_full = ask(case.hub, CLERK, order()), ask(case.hub, CHIEF, order(**IN_FULL))
    decide(case.hub, SECOND, in_full)
    case.work_off()
    [row] = table(take(case.hub, CLERK, masked))
    assert re.fullmatch(
        r"待办队列；导出人：.+；导出时间：2026 年 11 月 \d+ 日 \d\d:\d\d（北京时间）；个人信息：已遮盖", row["导出说明"]
    )
    [row] = table(take(case.hub, CHIEF, in_full))
    assert "；个人信息：完整；同意人：" in row["导出说明"]


def test_a_masked_table_gathers_no_list_of_people(case: Case) -> None:
    export_id = ask(case.hub, CLERK, order())
    case.work_off()
    assert record(case.hub, export_id).people is None


def test_one_person_does_not_keep_the_lane_busy_with_tables(hub: Hub, open_case: OpenCase) -> None:
    case = open_case()
    first = [ask(hub, CHIEF, order()) for _ in range(4)] + [ask(hub, CHIEF, order(in_full=True, reason="对账"))]
    with pytest.raises(Refused) as refused:
        ask(hub, CHIEF, order())
    [fault] = refused.value.faults
    assert (fault.pointer, fault.code, fault.params) == ("", "too_many_exports", {"most": 5})
    ask(hub, SECOND, order())
    assert len(everything_stored(hub)["export"]) == 6
    case.work_off()
    ask(hub, CHIEF, order())
    decide(hub, SECOND, first[-1])


def test_a_masked_table_of_the_queue_is_made_by_the_worker(case: Case) -> None:
    export_id = ask(case.hub, CLERK, order())
    assert record(case.hub, export_id).status == ExportStatus.WAITING
    case.work_off()
    assert (record(case.hub, export_id).status, record(case.hub, export_id).rows_done) == ("ready", 1)
    content = take(case.hub, CLERK, export_id)
    [row] = table(content)
    mobile = mobile_of(case)
    assert (row["客户姓名"], row["手机号"]) == ("王*明", mask_mobile(mobile))
    assert row["卡号"] == f"尾号 {card()[-4:]}"
    assert (row["本行欠款（元）"], row["困难原因"], row["状态"]) == ("19082.00", "本人或家人患病", "待答复")
    assert row["答复期限（北京时间）"] == "2026-12-01 18:00"
    for secret in (card(), "王小明", mobile):
        assert secret.encode() not in content


def test_what_is_stored_is_sealed_and_gone_when_it_expires(case: Case) -> None:
    before = names_in_store(case)
    export_id = ask(case.hub, CLERK, order())
    case.work_off()
    [name] = names_in_store(case) - before
    assert record(case.hub, export_id).store_name == name
    stored = b"".join(path.read_bytes() for path in (case.hub.settings.home / "evidence").rglob(name))
    assert stored
    assert "待答复".encode() not in stored
    case.clock.at += timedelta(days=6, hours=23)
    assert making.expire(case.hub, case.hub.store) == 0
    case.clock.at += timedelta(hours=1)
    with pytest.raises(StatusConflict):
        take(case.hub, CLERK, export_id)
    assert making.expire(case.hub, case.hub.store) == 1
    assert making.expire(case.hub, case.hub.store) == 0
    assert names_in_store(case) == before
    assert record(case.hub, export_id).status == ExportStatus.EXPIRED


def test_in_full_needs_a_second_person_and_each_person_named_sees_it(case: Case) -> None:
    export_id = ask(case.hub, CHIEF, order(**IN_FULL))
    case.work_off()
    assert record(case.hub, export_id).status == ExportStatus.AWAITING_APPROVAL
    decide(case.hub, SECOND, export_id)
    case.work_off()
    with case.hub.reading(HUB) as tx:
        assert "table_export" not in {each.what for each in readings_by_day(tx, case.id, most=99)}
    [row] = table(take(case.hub, CHIEF, export_id))
    assert (row["客户姓名"], row["手机号"], row["卡号"]) == ("王小明", mobile_of(case), card())
    with case.hub.reading(HUB) as tx:
        [mine] = [each for each in readings_by_day(tx, case.id, most=99) if each.what == "table_export"]
    assert (mine.words, mine.times) == ("监管报送", 1)


def test_a_table_that_lies_ready_is_not_taken_once_the_person_took_their_consent_back(case: Case) -> None:
    export_id = ask(case.hub, CHIEF, order(**IN_FULL))
    case.work_off()
    decide(case.hub, SECOND, export_id)
    case.work_off()
    with case.hub.writing(case.cardholder) as tx:
        withdrawal.withdraw(tx, case.id, "share_with_bank", client_id=case.client_id)
    assert record(case.hub, export_id).status == ExportStatus.EXPIRED
    with pytest.raises(StatusConflict):
        take(case.hub, CHIEF, export_id)
    again = ask(case.hub, CHIEF, order(**IN_FULL))
    case.work_off()
    decide(case.hub, SECOND, again)
    case.work_off()
    [row] = table(take(case.hub, CHIEF, again))
    assert (row["客户姓名"], row["手机号"]) == ("王*明", mask_mobile(mobile_of(case)))


def test_a_table_is_made_anew_where_a_consent_is_taken_back_while_it_is_written(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = ask(case.hub, CHIEF, order(**IN_FULL))
    case.work_off()
    decide(case.hub, SECOND, export_id)

    def take_back_once(step: str) -> None:
        if step == "export.stored":
            monkeypatch.setattr(steps, "on_step", lambda _: None)
            with case.hub.writing(case.cardholder) as tx:
                withdrawal.withdraw(tx, case.id, "sensitive_data", client_id=case.client_id)

    monkeypatch.setattr(steps, "on_step", take_back_once)
    making.make(case.hub, case.hub.store, export_id)
    assert record(case.hub, export_id).status == ExportStatus.WAITING
    making.make(case.hub, case.hub.store, export_id)
    [row] = table(take(case.hub, CHIEF, export_id))
    assert (row["客户姓名"], row["手机号"]) == ("王*明", mask_mobile(mobile_of(case)))


def test_no_means_that_nothing_is_made(case: Case) -> None:
    export_id = ask(case.hub, CHIEF, order(**IN_FULL))
    decide(case.hub, SECOND, export_id, approves=False, text="请用遮盖的。")
    case.work_off()
    assert record(case.hub, export_id).status == ExportStatus.RETURNED
    with pytest.raises(StatusConflict):
        take(case.hub, CHIEF, export_id)
    with pytest.raises(StatusConflict):
        decide(case.hub, SECOND, export_id)


@pytest.mark.parametrize(
    ("person", "asked", "pointers"),
    [
        (CLERK, order(**IN_FULL), ["/in_full"]),
        (somebody(Role.AUDITOR), order(**IN_FULL), ["/in_full"]),
        (CHIEF, order(in_full=True), ["/reason"]),
        (CHIEF, order(in_full=True, reason="长" * 61), ["/reason"]),
        (CHIEF, order(in_full=True, reason="对\x00账"), ["/reason"]),
        (CHIEF, order(fields=("reference",), **IN_FULL), ["/in_full"]),
        (CLERK, order(fields=()), ["/fields"]),
        (CLERK, order(fields=("password",)), ["/fields"]),
        (CLERK, order(ExportKind.AUDIT), ["/kind"]),
        (CLERK, order(ids=tuple(map(str, range(201)))), ["/ids"]),
    ],
)
def test_what_somebody_may_not_have_is_refused(
    case: Case, person: Staff, asked: ExportOrder, pointers: list[str]
) -> None:
    before = everything_stored(case.hub)
    with pytest.raises(Refused) as refused:
        ask(case.hub, person, asked)
    assert [each.pointer for each in refused.value.faults] == pointers
    assert everything_stored(case.hub) == before


def test_nobody_approves_their_own_and_no_other_role_does(case: Case) -> None:
    export_id = ask(case.hub, CHIEF, order(**IN_FULL))
    before = everything_stored(case.hub)
    for person in (CHIEF, CLERK, somebody(Role.AUDITOR), somebody(Role.BANK_ADMIN)):
        with pytest.raises(NotAllowed):
            decide(case.hub, person, export_id)
    with pytest.raises(NotFound):
        decide(case.hub, THEIRS, export_id)
    with pytest.raises(Refused, match="/text: text_required"):
        decide(case.hub, SECOND, export_id, approves=False, text=" ")
    assert everything_stored(case.hub) == before


def test_only_who_asked_takes_it_and_another_banks_is_as_unknown(case: Case) -> None:
    export_id = ask(case.hub, CLERK, order())
    case.work_off()
    before = everything_stored(case.hub)
    for person in (CHIEF, THEIRS):
        with pytest.raises(NotFound):
            take(case.hub, person, export_id)
    with case.hub.reading(THEIRS.actor) as tx:
        with pytest.raises(NotFound):
            ordering.get(tx, THEIRS, export_id)
        assert ordering.list_exports(tx, THEIRS, after=None, limit=9) == ([], "")
    with case.hub.reading(SECOND.actor) as tx:
        assert [each.id for each in ordering.list_exports(tx, SECOND, after=None, limit=9)[0]] == [export_id]
    other = replace(CLERK, id="another".ljust(32, "0"))
    with case.hub.reading(other.actor) as tx:
        assert ordering.list_exports(tx, other, after=None, limit=9) == ([], "")
        with pytest.raises(NotFound):
            ordering.get(tx, other, export_id)
    assert everything_stored(case.hub) == before


def test_each_step_is_in_the_audit(case: Case) -> None:
    export_id = ask(case.hub, CHIEF, order(**IN_FULL))
    decide(case.hub, SECOND, export_id)
    case.work_off()
    for _ in range(2):
        take(case.hub, CHIEF, export_id)
    with case.hub.reading(HUB) as tx:
        lines = [each for each in audit.newest(tx, limit=20) if each.about == export_id]
    kinds = [str(each.kind) for each in reversed(lines)]
    assert kinds == ["export_asked", "export_approved", "export_taken", "export_taken"]
    assert lines[-1].details["reason"] == "监管报送"


def test_a_worker_that_died_on_the_way_makes_no_double(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before = names_in_store(case)
    export_id = ask(case.hub, CLERK, order())

    def die(name: str) -> None:
        if name == "export.stored":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "reached", die)
        with pytest.raises(KeyboardInterrupt):
            making.make(case.hub, case.hub.store, export_id)
    orphan = names_in_store(case) - before
    assert len(orphan) == 1
    assert record(case.hub, export_id).status == ExportStatus.WAITING
    making.make(case.hub, case.hub.store, export_id)
    making.make(case.hub, case.hub.store, export_id)
    made = record(case.hub, export_id)
    assert (made.status, made.tries, made.rows_done) == ("ready", 2, 1)
    assert {made.store_name} == names_in_store(case) - before - orphan
    assert len(table(take(case.hub, CLERK, export_id))) == 1


def test_one_whose_job_was_lost_is_put_in_again_and_given_up_after_five(case: Case) -> None:
    export_id = ask(case.hub, CLERK, order())
    with case.hub.reading(HUB) as tx:
        assert making.jobs_stuck(tx) == []
    case.clock.at += timedelta(minutes=6)
    with case.hub.reading(HUB) as tx:
        assert [each.argument for each in making.jobs_stuck(tx)] == [export_id]
    with case.hub.writing(HUB) as tx:
        exports.get(tx, export_id, bank_code=ICBC).tries = making.MOST_TRIES
    making.make(case.hub, case.hub.store, export_id)
    assert (record(case.hub, export_id).status, record(case.hub, export_id).fault) == ("failed", "given_up")


def test_a_table_that_is_too_long_fails_and_says_so(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_ROWS", 0)
    export_id = ask(case.hub, CLERK, order())
    making.make(case.hub, case.hub.store, export_id)
    assert record(case.hub, export_id).fault == "too_many_rows"


def test_pages_of_rows_follow_one_another_without_a_gap(open_case: OpenCase, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [open_case() for _ in range(5)]
    monkeypatch.setattr(rows, "PAGE", 2)
    monkeypatch.setattr(rows, "BEGINNING", Page(limit=2))
    hub = cases[0].hub
    chosen = order(ids=tuple(each.id for each in cases[:4]))
    for asked, many in ((order(), 5), (chosen, 4), (order(which={"status": ["agreed"]}), 0)):
        export_id = ask(hub, CLERK, asked)
        making.make(hub, hub.store, export_id)
        found = [row["编号"] for row in table(take(hub, CLERK, export_id))]
        assert len(found) == len(set(found)) == many


def test_chosen_cases_alone_and_none_of_another_bank(open_case: OpenCase) -> None:
    first, _, theirs = open_case(), open_case(), open_case(CMB)
    export_id = ask(first.hub, CLERK, order(ids=(first.id, theirs.id, "0" * 32)))
    first.work_off()
    with first.row() as (_, row):
        assert [each["编号"] for each in table(take(first.hub, CLERK, export_id))] == [row.reference]


def test_agreements_and_answers_as_xlsx(case: Case, work_off: Callable[[], int]) -> None:
    case.accept(case.offer())
    case.pay(1, 20_000)
    for kind, which in ((ExportKind.AGREEMENTS, {"tab": "part_paid"}), (ExportKind.ANSWERS, {})):
        export_id = ask(case.hub, CLERK, order(kind, format=ExportFormat.XLSX, which=which))
        work_off()
        sheet = load_workbook(io.BytesIO(take(case.hub, CLERK, export_id))).worksheets[0]
        head, row = list(sheet.iter_rows(values_only=True))
        found = dict(zip(head, row, strict=True))
        assert found["客户姓名"] == "王*明"
        if kind is ExportKind.AGREEMENTS:
            assert (found["已还（元）"], found["方案"]) == (200, "个性化分期")
        else:
            assert (found["结果"], found["阶段"]) == ("按时", "首次答复")


def test_the_audit_as_a_table_says_its_details_in_words(case: Case) -> None:
    ask(case.hub, CHIEF, order(**IN_FULL))
    export_id = ask(case.hub, CHIEF, order(ExportKind.AUDIT))
    case.work_off()
    found = [row["说明"] for row in table(take(case.hub, CHIEF, export_id))]
    assert "导出内容：待办队列；原因：监管报送" in found
    assert not [words for words in found if "{" in words or '"' in words]


def test_a_damaged_export_is_found_by_the_scrub_and_is_a_task_until_it_is_whole_again(open_case: OpenCase) -> None:
    case = open_case()
    hub = case.hub
    export_id = ask(hub, CHIEF, order())
    making.make(hub, hub.store, export_id)
    name = record(hub, export_id).store_name
    assert name is not None
    path = hub.settings.home / "evidence" / name[-2:] / name
    whole = path.read_bytes()

    def damaged() -> tuple[int, list[str]]:
        turns = (case.clock.at + scrubbing.EVERY * turn for turn in range(scrubbing.SLICES))
        found = sum(scrubbing.scrub(hub, hub.store, at=at) for at in turns)
        with hub.reading(HUB) as tx:
            return found, [f"{each.bank_code} {each.params['table']}" for each in operator_tasks.open_tasks(tx)]

    assert damaged() == (0, [])
    path.chmod(0o600)
    path.write_bytes(bent(whole))
    assert damaged() == (1, [f"{ICBC} export"])
    path.write_bytes(whole)
    assert damaged() == (0, [])
