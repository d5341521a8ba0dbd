"""What was under way when the backup was made goes on in the hub that was restored, though no job came with it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import TryAgain
from hub.domain.lifecycle import Status
from hub.services.backups import making
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage.backup_folder import BackupFolder
from storage.records import NegotiationRecord
from tests import applications
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.jobs.working_off import taken_for_clean, working_off
from tests.services.backups.conftest import MakeHub, breaches_of, put_back
from tests.services.conftest import OpenCase


def back_up(hub: Hub, path: Path) -> None:
    hub.require_up_to_date()
    making.back_up(hub, hub.store, BackupFolder(path), hub.real_clock, hub_version="1")


def go_on(hub: Hub) -> None:
    """The worker of a hub runs for a while."""
    work = working_off(hub, inspect=taken_for_clean, printer=lambda html: applications.pdf())
    for _ in range(3):
        sweeps.run_due(hub)
        work()


def status_of(hub: Hub, negotiation_id: str) -> str:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, negotiation_id).status


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_application_that_was_not_looked_at_yet_reaches_its_bank(
    kind: str, open_case: OpenCase, hub: Hub, tmp_path: Path, empty_hub: MakeHub
) -> None:
    case = open_case(worked_off=False)
    back_up(hub, tmp_path / "b")
    target = empty_hub(kind)
    put_back(tmp_path / "b", target)
    assert status_of(target, case.id) == Status.SCREENING
    case.clock.at += timedelta(hours=1)
    go_on(target)
    assert status_of(target, case.id) == Status.AWAITING_BANK
    assert breaches_of(target) == []


def test_a_message_that_arrived_after_the_backup_comes_again_as_the_same(
    open_case: OpenCase,
    hub: Hub,
    simulated: SimulatedBank,
    work_off: Callable[[], int],
    tmp_path: Path,
    empty_hub: MakeHub,
) -> None:
    simulated.answers.append(TryAgain("busy"))
    case = open_case(CMB)
    back_up(hub, tmp_path / "b")
    case.clock.at += timedelta(hours=1)
    go_on(hub)
    taken = list(simulated.taken)
    assert taken
    target = empty_hub("sqlite")
    put_back(tmp_path / "b", target)
    go_on(target)
    assert list(simulated.taken) == taken
    assert len(simulated.attempts) > len(set(simulated.attempts)) == len(taken)
    assert status_of(target, case.id) == Status.AWAITING_BANK
