"""A bank that is reached by SFTP, from the application to the agreement and back, with the hub's own services."""

import hashlib
import json
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.banks.port import BankCall, Collecting, Refusal, WrongResponse
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.plain import Plain
from hub.services.delivery import batches, collecting
from hub.services.delivery.bank_calls import BankCalls
from hub.services.negotiations.offer_contents import terms_view
from hub.services.operating import invariants, operator_tasks, sweeps
from hub.services.operating.breach import Breach
from hub.services.reading.operator.refusals import list_refused
from hub.wiring import Hub
from hub.work.jobs import sweeps_of
from schemas.bank_events import load_call
from storage import bank_lines
from storage import banks as bank_rows
from tests import applications
from tests.applications import CMB
from tests.banks.sshd import Sshd, sshd, write_key
from tests.jobs.working_off import taken_for_clean, working_off
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase, made_ready, open_case

__all__ = ["made_ready", "open_case", "sshd"]

pytestmark = pytest.mark.slow


@pytest.fixture
def banks(hub: Hub, sshd: Sshd) -> dict[str, Bank]:
    """Three banks by code: CMB is reached by SFTP, the others work in the portal."""
    with hub.writing(HUB) as tx:
        return {
            code: bank_rows.add_bank(
                tx,
                code=code,
                name_zh=zh,
                name_en=en,
                adapter="sftp" if code == CMB else "portal",
                settings=sshd.settings if code == CMB else {},
            )
            for code, (zh, en) in applications.BANK_NAMES.items()
        }


@pytest.fixture
def work_off(hub: Hub) -> Callable[[], int]:
    """Runs every waiting job, files taken for clean and documents blank, as tests that start no servers have it."""
    page = applications.pdf()
    return working_off(hub, inspect=taken_for_clean, printer=lambda html: page)


Collect = Callable[[], None]


@pytest.fixture
def collect(hub: Hub, clock: FixedClock, work_off: Callable[[], int]) -> Collect:
    """Ten seconds later the schedule has looked for banks to ask, and its jobs have run."""

    def run() -> None:
        clock.at += collecting.EVERY
        sweeps_of(hub)["collect"].run()
        work_off()

    return run


@pytest.fixture
def say(sshd: Sshd) -> Callable[..., None]:
    """A way for the bank to lay out a response: `say(name, event, ...)`."""

    def lay_out(name: str, *events: Plain) -> None:
        data = b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in events)
        folder = sshd.folder("in")
        (folder / f"{name}.jsonl").write_bytes(data)
        control = {"lines": len(events), "files": {f"{name}.jsonl": hashlib.sha256(data).hexdigest()}}
        (folder / f"{name}.ctl").write_text(json.dumps(control))

    return lay_out


Say = Callable[..., None]


def event(number: int, type_: str, case: Case, data: Any = None) -> Plain:
    return {"event": f"ev-{number}", "type": type_, "negotiation": case.id, "data": data or {}}


def offered(number: int, case: Case) -> Plain:
    return event(number, "offered", case, {"terms": _terms()})


def _terms() -> dict[str, Any]:
    return {name: value for name, value in terms_view(OFFER).items() if value is not None}


def tasks(hub: Hub) -> list[tuple[str, Any]]:
    with hub.reading(HUB) as tx:
        return [(task.kind, dict(task.params)) for task in operator_tasks.open_tasks(tx)]


def _breaches(hub: Hub) -> list[Breach]:
    with hub.reading(HUB) as tx:
        return list(invariants.breaches(tx, hub.store))


def test_an_application_reaches_the_bank_and_its_answers_come_back(
    open_case: OpenCase,
    sshd: Sshd,
    collect: Collect,
    say: Say,
    hub: Hub,
    clock: FixedClock,
    work_off: Callable[[], int],
) -> None:
    case = open_case(CMB)
    assert (case.status, case.due) == ("awaiting_bank", "2026-12-01 18:00")
    control = json.loads((sshd.folder("out") / "NEG_20261121_0001.ctl").read_bytes())
    [line] = (sshd.folder("out") / "NEG_20261121_0001.jsonl").read_bytes().splitlines()
    packet = json.loads(line)
    assert (packet["type"], packet["negotiation"]) == ("negotiation.submitted", case.id)
    assert packet["accounts"][0]["card_number"].startswith("356889")
    files = {name: hashlib.sha256((sshd.folder("out") / name).read_bytes()).hexdigest() for name in control["files"]}
    assert (control["files"], control["lines"]) == (files, 1)
    assert f"NEG_20261121_0001/{case.sent.evidence[0]}.pdf" in files
    assert len(files) == 3  # the data file, the evidence and the application form

    say("RSP_1", event(1, "negotiation.acknowledged", case), event(2, "message", case, {"text": "已收到"}))
    collect()
    assert case.status == "in_review"
    say("RSP_2", offered(3, case))
    collect()
    [offer] = case.view()["offers"]
    assert (case.status, offer["status"]) == ("offered", "open")
    case.accept(offer["id"])
    work_off()
    assert case.status == "agreed"
    assert sshd.names("in") == []
    assert b'"type":"negotiation.accepted"' in (sshd.folder("out") / "NEG_20261121_0002.jsonl").read_bytes()
    assert _breaches(hub) == []


def test_what_cannot_be_applied_goes_back_with_its_reason_and_is_kept(
    open_case: OpenCase, sshd: Sshd, collect: Collect, say: Say, hub: Hub
) -> None:
    case = open_case(CMB)
    say(
        "RSP_1",
        event(1, "acknowledged", case),
        {**event(2, "acknowledged", case), "negotiation": "nobody's"},
        event(3, "rejected", case, {"reason_code": "no_such_code", "text": ""}),
        event(1, "message", case, {"text": "已用的编号"}),
        event(4, "message", case, {"text": "请耐心等待"}),
    )
    collect()
    lines = (sshd.folder("out") / "RSP_1.rejected.jsonl").read_text().splitlines()
    rejected = {each["line"]: each for each in map(json.loads, lines)}
    assert {line: each["code"] for line, each in rejected.items()} == {
        2: "not_found",
        3: "invalid_input",
        4: "event_id_reused",
    }
    assert "/data/reason_code" in rejected[3]["reason"]
    assert (case.status, case.log()[-1].text) == ("in_review", "请耐心等待")
    with hub.reading(HUB) as tx:
        assert {each.code for each in list_refused(tx)} == {
            "not_found",
            "invalid_input",
            "event_id_reused",
        }
    assert sshd.names("in") == []


def test_a_response_that_does_not_agree_is_one_task_that_says_how_often_it_was_seen(
    open_case: OpenCase, sshd: Sshd, collect: Collect, say: Say, hub: Hub
) -> None:
    case = open_case(CMB)
    say("RSP_1", event(1, "acknowledged", case))
    with (sshd.folder("in") / "RSP_1.jsonl").open("ab") as file:
        file.write(b"more")
    for _ in range(3):
        collect()
    assert tasks(hub) == [("response_wrong", {"name": "RSP_1.ctl", "code": "file_differs", "times": 3})]
    assert (case.status, len(sshd.names("in"))) == ("awaiting_bank", 2)
    say("RSP_1", event(1, "acknowledged", case))
    collect()
    assert case.status == "in_review"


def test_half_a_response_is_told_of_once_it_has_lain_there_for_a_while(
    open_case: OpenCase, sshd: Sshd, collect: Collect, say: Say, hub: Hub, clock: FixedClock
) -> None:
    case = open_case(CMB)
    say("RSP_1", event(1, "acknowledged", case))
    say("RSP_2", event(2, "message", case, {"text": "请耐心等待"}))
    folder, at = sshd.folder("in"), (clock.at - timedelta(minutes=10)).timestamp()
    control, data = (folder / "RSP_1.ctl").read_bytes(), (folder / "RSP_2.jsonl").read_bytes()
    (folder / "RSP_1.ctl").unlink()
    (folder / "RSP_2.jsonl").unlink()
    for path in folder.iterdir():
        os.utime(path, (at, at))
    collect()
    assert (tasks(hub), [name for name in sshd.names("out") if name.startswith("RSP_")]) == ([], [])
    clock.at += timedelta(minutes=6)
    collect()
    collect()
    assert tasks(hub) == [
        ("response_wrong", {"name": "RSP_2.ctl", "code": "file_missing", "times": 2}),
        ("response_wrong", {"name": "RSP_1.jsonl", "code": "control_missing", "times": 2}),
    ]
    with hub.reading(HUB) as tx:
        assert {each.code for each in list_refused(tx)} == {"file_missing", "control_missing"}
    told = json.loads((sshd.folder("out") / "RSP_1.jsonl.rejected.jsonl").read_text())
    assert (told["file"], told["code"]) == ("RSP_1.jsonl", "control_missing")
    (folder / "RSP_1.ctl").write_bytes(control)
    (folder / "RSP_2.jsonl").write_bytes(data)
    collect()
    assert (case.status, sshd.names("in")) == ("in_review", [])


def test_nothing_is_sent_to_a_server_whose_host_key_changed_and_the_operator_is_told(
    open_case: OpenCase, sshd: Sshd, collect: Collect, hub: Hub, clock: FixedClock
) -> None:
    sshd.stop()
    write_key(sshd.root / "host_key")
    sshd.start()
    case = open_case(CMB)
    collect()
    assert (case.status, sshd.names("out")) == ("delivering", [])
    assert [kind for kind, _ in tasks(hub)] == ["host_not_trusted"]
    assert "Accepted" not in (sshd.root / "log").read_text()


def test_a_server_that_goes_in_the_middle_gets_the_same_batch_under_the_same_name(
    open_case: OpenCase, sshd: Sshd, hub: Hub, clock: FixedClock
) -> None:
    sshd.stop()
    case = open_case(CMB)
    assert (case.status, case.kinds()[-1]) == ("delivering", "delivery_failed")
    sshd.start()
    clock.at += timedelta(seconds=10)
    case.sweep()
    assert case.status == "awaiting_bank"
    assert [name for name in sshd.names("out") if name.endswith(".ctl")] == ["NEG_20261121_0001.ctl"]
    assert _breaches(hub) == []


def test_two_collectors_at_once_apply_each_event_once(open_case: OpenCase, sshd: Sshd, say: Say, hub: Hub) -> None:
    case = open_case(CMB)
    bank = _bank(hub)
    for number in range(4):
        say(f"RSP_{number}", *(event(number * 10 + each, "message", case, {"text": "您好"}) for each in range(3)))
    adapter = hub.adapters.of(bank)
    assert isinstance(adapter, Collecting)
    meet, failed = threading.Barrier(2), list[Exception]()
    wrong: list[WrongResponse] = []

    def apply(call: BankCall) -> Refusal | None:
        return BankCalls(transactions=hub, clock=hub.clock, load=load_call).taken_or_refused(bank, call)

    def report(response: WrongResponse) -> bool:
        wrong.append(response)
        return True

    def run() -> None:
        meet.wait()
        try:
            adapter.collect(bank, apply, report)
        except Exception as error:  # noqa: BLE001 - shown below
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, failed, sshd.names("in")) == ([], [], [])
    assert case.kinds().count("message") == 12
    assert not [name for name in sshd.names("out") if "rejected" in name]
    assert len(sshd.names("done")) == 8


def _bank(hub: Hub) -> Bank:
    with hub.reading(HUB) as tx:
        return tx.bank(CMB)


def test_one_bank_is_asked_by_one_worker_at_a_time_and_jobs_never_pile_up(
    hub: Hub, banks: dict[str, Bank], sshd: Sshd, clock: FixedClock
) -> None:
    def due() -> list[str]:
        with hub.reading(HUB) as tx:
            return [job.key for job in collecting.jobs_due(tx)]

    first = due()
    clock.at += timedelta(minutes=1)
    assert (len(first), due()) == (1, first)
    during: list[Any] = []

    def look() -> None:
        during.append(due())
        during.append(collecting.collect(hub, lambda *_: None, CMB))

    (sshd.folder("in") / "RSP_1.jsonl").write_bytes(b"{}\n")
    digest = hashlib.sha256(b"{}\n").hexdigest()
    (sshd.folder("in") / "RSP_1.ctl").write_text(json.dumps({"lines": 1, "files": {"RSP_1.jsonl": digest}}))
    assert collecting.collect(hub, lambda *_: look(), CMB) == 1
    assert during == [[], 0]
    assert due() == []
    clock.at += collecting.EVERY
    assert len(due()) == 1
    assert due() != first


def test_a_worker_that_died_while_asking_is_followed_by_another(
    hub: Hub, banks: dict[str, Bank], clock: FixedClock
) -> None:
    with hub.writing(HUB) as tx:
        assert bank_lines.begin_collecting(tx, CMB, tx.now + collecting.IN_HAND)
    assert collecting.collect(hub, lambda *_: None, CMB) == 0
    clock.at += collecting.IN_HAND
    with hub.reading(HUB) as tx:
        assert len(collecting.jobs_due(tx)) == 1
    clock.at -= timedelta(days=3)
    with hub.reading(HUB) as tx:
        assert len(collecting.jobs_due(tx)) == 1


def test_a_bank_that_cannot_be_reached_is_asked_ever_later_and_the_operator_hears_of_it(
    hub: Hub, banks: dict[str, Bank], sshd: Sshd, clock: FixedClock
) -> None:
    sshd.stop()
    began, asked = clock.at, list[timedelta]()
    while len(asked) < collecting.FAILURES_TO_TELL:
        clock.at += timedelta(seconds=5)
        with hub.reading(HUB) as tx:
            due = collecting.jobs_due(tx)
        if due:
            assert tasks(hub) == []
            asked.append(clock.at - began)
            collecting.collect(hub, lambda *_: None, CMB)
    assert asked[2] < timedelta(minutes=2)
    assert asked[-1] - asked[-2] == collecting.LONGEST_WAIT
    [(kind, params)] = tasks(hub)
    assert (kind, params["failures"]) == ("not_collected", collecting.FAILURES_TO_TELL)
    sshd.start()
    clock.at += collecting.LONGEST_WAIT
    collecting.collect(hub, lambda *_: None, CMB)
    clock.at += collecting.EVERY
    with hub.reading(HUB) as tx:
        assert len(collecting.jobs_due(tx)) == 1


def test_a_batch_is_no_packet_of_another_bank(open_case: OpenCase, sshd: Sshd, hub: Hub) -> None:
    open_case(applications.ICBC)
    batches.deliver_batch(hub, hub.store, applications.ICBC)
    sweeps.run_due(hub)
    assert sshd.names("out") == []
