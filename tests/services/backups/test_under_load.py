"""A hub that is written to all the while is backed up whole: each backup is of one moment in which everything holds."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.domain.actor import HUB
from hub.services.backups import checking
from storage import erasing
from storage.backup_folder import BackupFolder
from tests.applications import ICBC
from tests.conftest import Submit
from tests.services.backups.conftest import Filled, MakeHub, breaches_of, put_back

pytestmark = pytest.mark.slow
BACKUPS = 4


@contextmanager
def going_on(*deeds: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """The deeds are done over and over meanwhile, by a thread; gives a way to wait until all were done once more.

    Raises what a deed raised.
    """
    stopped, failed, turns = threading.Event(), list[BaseException](), threading.Semaphore(0)

    def run() -> None:
        try:
            while not stopped.is_set():
                for deed in deeds:
                    deed()
                turns.release()
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)
            turns.release(BACKUPS)

    def wait() -> None:
        while turns.acquire(blocking=False):
            continue
        turns.acquire(timeout=60)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield wait
    finally:
        stopped.set()
        thread.join()
    assert not failed, failed


def test_every_backup_is_of_a_moment_in_which_everything_holds(
    filled: Filled, submitted: Submit, work_off: Callable[[], int], tmp_path: Path, empty_hub: MakeHub
) -> None:
    def upload_and_forget() -> None:
        upload = filled.case.upload().id
        with filled.hub.writing(HUB) as tx:
            names = erasing.remove_file(tx, upload)
        for name in names:
            filled.hub.store.delete(name)

    made = []
    with going_on(lambda: submitted(ICBC), filled.case.upload, work_off, upload_and_forget, filled.sign) as wait:
        for number in range(BACKUPS):
            # Into one folder and into new ones by turns.
            path = tmp_path / ("again" if number % 2 else f"new{number}")
            made.append((path, filled.back_up(path)))
            wait()
    assert len({manifest.counts["application"] for _, manifest in made}) > 1
    for path, manifest in dict(made).items():
        folder = BackupFolder(path)
        assert list(checking.faults_of(folder, manifest)) == []
        assert manifest.damaged == []
        target = empty_hub("sqlite" if filled.hub.database.on_sqlite else "postgresql")
        put_back(path, target)
        gone = {each.id for each in manifest.gone}
        assert [each for each in breaches_of(target) if each["subject"] not in gone] == []
