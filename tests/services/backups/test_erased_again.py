"""What was erased after a backup is erased again once the backup was put back, from a list that was kept outside."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import Unusable
from hub.domain.retention import Periods
from hub.services.backups import making
from hub.services.erasure import holds, replaying, requests
from hub.services.erasure.replaying import Erasure, Replayed
from hub.wiring import Hub
from storage.backup_folder import BackupFolder
from storage.records import NegotiationRecord
from tests.services.backups.conftest import MakeHub, breaches_of, put_back
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def withdrawn(open_case: OpenCase, hub: Hub) -> Case:
    hub.require_up_to_date()
    case = open_case()
    case.withdraw()
    return case


def back_up(hub: Hub, path: Path) -> None:
    making.back_up(hub, hub.store, BackupFolder(path), hub.real_clock, hub_version="1")


def erase(case: Case) -> list[Erasure]:
    """The person asks by letter; gives the list that is kept outside."""
    with case.hub.writing(HUB) as tx:
        requests.erase_by_letter(tx, case.reference, Periods.parse(""))
    with case.hub.reading(HUB) as tx:
        lines = [json.dumps(each.plain) for each in replaying.list_done(tx)]
    return replaying.erasures_in(lines)


def again(hub: Hub, erasures: list[Erasure]) -> list[Replayed]:
    found = []
    for each in erasures:
        with hub.writing(HUB) as tx:
            found.append(replaying.erase_again(tx, each))
    return found


def row_of(hub: Hub, case: Case) -> NegotiationRecord:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, case.id)


def test_it_is_gone_again_and_a_second_time_changes_nothing(
    withdrawn: Case, tmp_path: Path, empty_hub: MakeHub, work_off: Callable[[], int]
) -> None:
    back_up(withdrawn.hub, tmp_path / "b")
    erasures = erase(withdrawn)
    assert {each.data_class for each in erasures} == {"files", "application"}
    target = empty_hub("sqlite")
    put_back(tmp_path / "b", target)
    assert row_of(target, withdrawn).erased_at is None
    assert again(target, erasures) == [Replayed.ERASED, Replayed.ERASED]
    assert row_of(target, withdrawn).erased_at is not None
    assert breaches_of(target) == []
    assert again(target, erasures) == [Replayed.ERASED_BEFORE, Replayed.ERASED_BEFORE]


def test_what_the_backup_does_not_know_has_nothing_to_erase(
    withdrawn: Case, tmp_path: Path, empty_hub: MakeHub
) -> None:
    erasures = erase(withdrawn)
    target = empty_hub("sqlite")
    target.upgrade()
    assert again(target, erasures) == [Replayed.UNKNOWN, Replayed.UNKNOWN]


def test_what_goes_on_or_is_held_in_the_backup_is_left_to_a_person(
    open_case: OpenCase, hub: Hub, tmp_path: Path, empty_hub: MakeHub
) -> None:
    hub.require_up_to_date()
    case = open_case()
    back_up(hub, tmp_path / "open")
    case.withdraw()
    with hub.writing(HUB) as tx:
        holds.hold(tx, case.reference, "a court asked")
    back_up(hub, tmp_path / "held")
    with hub.writing(HUB) as tx:
        holds.release(tx, case.reference)
    erasures = erase(case)
    for name, became in (("open", Replayed.OPEN), ("held", Replayed.HELD)):
        target = empty_hub("sqlite")
        put_back(tmp_path / name, target)
        assert again(target, erasures) == [became, became]
        assert row_of(target, case).files_erased_at is None


@pytest.mark.parametrize(
    "line", ["{}", "nonsense", '{"reference": "XS-1", "class": "other", "cause": "due", "at": ""}']
)
def test_another_file_is_refused(line: str) -> None:
    with pytest.raises(Unusable, match="no list of `hub retention erased`"):
        replaying.erasures_in([line])
