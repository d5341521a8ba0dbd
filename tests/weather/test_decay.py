"""Files that rot or vanish in the store: never given out, found within a day, and an operator's to put right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub import health
from hub.domain.actor import HUB
from hub.domain.errors import StoreFull
from hub.domain.operator_task import Task, TaskKind
from hub.findings import Part
from hub.services.evidence import scrubbing
from hub.services.evidence.scrubbing import EVERY, SLICES, scrub
from hub.services.operating import operator_tasks
from hub.services.operating.invariants import breaches
from hub.web import task_sentences
from hub.wiring import Hub
from hub.work.jobs import schedules_of
from storage import scrubbing as slices
from storage.evidence_store import FolderStore
from tests.applications import ICBC
from tests.conftest import Submit
from tests.web.caller import Caller, made

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the stored bytes lie."""
    return tmp_path / "evidence"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def flip_everything(folder: Path) -> None:
    for path in folder.glob("??/*"):
        flip(path)


def remove_everything(folder: Path) -> None:
    for path in folder.glob("??/*"):
        path.unlink()


def tasks_of(hub: Hub) -> list[Task]:
    with hub.reading(HUB) as tx:
        return [each for each in operator_tasks.open_tasks(tx) if each.kind == TaskKind.FILE_DAMAGED]


def scrub_for(hub: Hub, turns: int, *, since: datetime = NOON) -> int:
    """How many damaged files so many turns found."""
    return sum(scrub(hub, hub.store, at=since + number * EVERY) for number in range(turns))


@on_sqlite
@pytest.mark.parametrize("damage", [flip_everything, remove_everything])
def test_a_damaged_file_is_not_given_out_and_an_operator_hears_of_it(
    hub: Hub, host_app: Caller, folder: Path, damage: Callable[[Path], None]
) -> None:
    evidence_id = made(host_app.upload())["id"]
    names = [path.name for path in folder.glob("??/*")]
    damage(folder)
    for _ in range(2):
        answer = host_app.get(f"/evidence/{evidence_id}/content")
        told = answer.get_json()
        assert (answer.status_code, told["code"]) == (500, "evidence_damaged")
        assert "请重新上传" in told["detail"]
    [task] = tasks_of(hub)
    [name] = names
    assert task.params == {"table": "evidence", "id": evidence_id, "name": name}
    line = health.look(hub, Part.STORE)
    assert (line.state, line.detail.split(":")[0]) == ("warning", "1 damaged")
    assert task_sentences.SENTENCES[task.kind] % task.params == (
        f"文件 {evidence_id} 已丢失或损坏。请从备份恢复存储中的 {name}，再运行 hub check --all。"
    )


@on_sqlite
def test_damage_in_the_middle_of_an_answer_is_heard_of_too(hub: Hub, host_app: Caller, folder: Path) -> None:
    content = b"%PDF-1.7" + bytes(3 * 1024 * 1024)
    evidence_id = made(host_app.upload(content))["id"]
    [path] = folder.glob("??/*")
    sealed = bytearray(path.read_bytes())
    sealed[-5] ^= 1
    path.write_bytes(bytes(sealed))
    # The length was announced before the damage came to light: whoever reads gets less and knows it.
    with pytest.raises(Exception, match="changed or cut"):
        host_app.get(f"/evidence/{evidence_id}/content")
    assert len(tasks_of(hub)) == 1


def test_a_day_of_scrubbing_reads_every_file_once(
    hub: Hub, submitted: Submit, work_off: Callable[[], int], folder: Path
) -> None:
    sent = submitted(ICBC, files=3)
    work_off()
    flip_everything(folder)
    in_all = len(list(folder.glob("??/*")))
    assert in_all == 10
    assert scrub_for(hub, SLICES) == in_all
    found = tasks_of(hub)
    # Of each of the three files there is what was sent and its copy, which are one task, and a page to look at.
    assert sorted(task.params["table"] for task in found) == ["document", *["evidence"] * 3, *["viewing_page"] * 3]
    with hub.reading(HUB) as tx:
        [reference] = {task.reference for task in found}
        named = {breach.subject for breach in breaches(tx, hub.store)}
    assert reference is not None
    assert named == {task.params["id"] for task in found}
    assert set(sent.evidence) < named
    # The next day finds the same, and asks nobody again.
    assert scrub_for(hub, SLICES, since=NOON + timedelta(days=1)) == in_all
    assert len(tasks_of(hub)) == len(found)


@on_sqlite
def test_sound_files_are_nobodys_task(hub: Hub, submitted: Submit, work_off: Callable[[], int]) -> None:
    submitted(ICBC, files=2)
    work_off()
    assert scrub_for(hub, SLICES) == 0
    assert tasks_of(hub) == []


@on_sqlite
def test_a_file_that_is_removed_while_it_is_looked_at_is_no_damage(hub: Hub, host_app: Caller, folder: Path) -> None:
    evidence_id = made(host_app.upload())["id"]
    [path] = folder.glob("??/*")
    assert host_app.delete(f"/evidence/{evidence_id}").status_code == 204
    assert not scrubbing.report_damage(hub, path.name)
    assert tasks_of(hub) == []


@on_sqlite
def test_a_turn_with_very_many_files_takes_the_next_of_them_each_day(hub: Hub, submitted: Submit) -> None:
    submitted(ICBC, files=5)
    seen = []
    for number in range(4):
        with hub.reading(HUB) as tx:
            part = slices.slice_of_files(tx, "0", "g", round_number=number, most=2)
        seen.append({file.store_name for file in part})
    assert [len(each) for each in seen] == [2, 2, 1, 2]
    assert len(seen[0] | seen[1] | seen[2]) == 5
    assert seen[3] == seen[0]


def test_every_name_has_a_turn_and_none_has_two() -> None:
    edges = [scrubbing._name_at(number) for number in range(SLICES + 1)]
    assert (edges[0], edges[-1]) == ("00000000", "g")
    assert edges == sorted(set(edges))


def test_what_stands_still_at_the_same_time_each_day_has_its_files_read_on_the_next() -> None:
    def turn(at: datetime) -> int:
        return int(at.timestamp()) // int(EVERY.total_seconds()) % SLICES

    assert turn(NOON + timedelta(days=1)) == turn(NOON - EVERY)


@on_sqlite
def test_a_store_that_does_not_answer_is_no_damage(hub: Hub, host_app: Caller, tmp_path: Path) -> None:
    made(host_app.upload())

    class Silent(FolderStore):
        """A store that is away."""

        def read(self, *_: object) -> Iterator[bytes]:
            raise StoreFull("nobody answers")

    hub.store = Silent(tmp_path)
    with pytest.raises(StoreFull):
        scrub_for(hub, SLICES)
    assert tasks_of(hub) == []


@on_sqlite
def test_the_worker_scrubs(hub: Hub, host_app: Caller, folder: Path) -> None:
    made(host_app.upload())
    flip_everything(folder)
    run = schedules_of(hub)["scrub"].run
    for number in range(SLICES):
        run(NOON + number * EVERY)
    assert len(tasks_of(hub)) == 1
