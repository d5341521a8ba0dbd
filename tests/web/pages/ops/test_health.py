"""The lights at the operator's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.backup_note import BackupKind, BackupState
from hub.services.backups import noting
from hub.services.operating import operator_tasks
from hub.settings import Settings
from hub.wiring import Hub
from tests.web.pages.operator import Operator


def test_a_part_that_fails_is_a_red_light_and_the_others_are_looked_at(operator: Operator, settings: Settings) -> None:
    operator.read("/ops/")
    (settings.home / "evidence").chmod(0o755)
    page = operator.read("/ops/")
    assert page.count("tag-bad") == 1
    assert "原因请看 hub doctor" in page


def test_a_scanner_that_is_away_is_a_red_light_that_says_since_when(
    operator: Operator, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody listens on the first port.
    monkeypatch.setattr(hub, "settings", replace(hub.settings, scanner_url="tcp://127.0.0.1:1"))
    page = operator.read("/ops/")
    assert page.count("tag-bad") == 1
    assert "原因请看 hub doctor" in page
    with hub.writing(HUB) as tx:
        operator_tasks.scanner_away(tx, since="11 月 29 日 09:05")
    assert "从 11 月 29 日 09:05 起没有应答" in operator.read("/ops/")


@pytest.mark.parametrize(
    ("noted", "is_fine", "words", "in_english"),
    [
        ([], True, "还没有备份", "No backup yet"),
        ([(5, BackupState.DRILLED)], True, "最近一份是 5 小时前的", "The newest is 5 hours old"),
        ([(96, BackupState.DRILLED)], False, "最近一份已是 4 天前的。请看", "The newest is 4 days old: does"),
        ([(1, BackupState.MADE), (70, BackupState.DRILLED)], False, "70 小时没有读回检查", "read whole for 70 hours"),
        ([(1, BackupState.CHECKED), (240, BackupState.DRILLED)], False, "10 天没有试恢复", "on trial for 10 days"),
    ],
)  # fmt: skip
def test_the_age_of_the_newest_backup_is_a_light(
    operator: Operator, hub: Hub, noted: list[tuple[int, BackupState]], is_fine: bool, words: str, in_english: str
) -> None:
    for hours, state in noted:
        with hub.writing(HUB) as tx:
            at = hub.real_clock.now() - timedelta(hours=hours, minutes=5)
            noting.note_made(tx, BackupKind.WHOLE, state, at=at, size=None)
    page = operator.read("/ops/")
    # Beside it 2027 has no notice yet, and nobody scans for viruses.
    assert (words in page, page.count("tag-warn")) == (True, 2 if is_fine else 3)
    # What was not done is not called right.
    assert ("尚未进行" in page) is (not noted)
    assert in_english in operator.read("/ops/?lang=en")
