"""Tasks about the virus scanner: there while it does not answer, or while its signatures are old, and done after."""

from datetime import datetime, timedelta
from typing import Final

from hub.domain.actor import HUB
from hub.domain.operator_task import TaskKind
from hub.services.negotiations.entries import spoken_time
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from storage import tasks

# A scanner that loads its new signatures is away for a minute.
AWAY_FOR: Final = timedelta(minutes=5)
# ClamAV's vendor makes new ones each day; whatever came up since goes unseen.
OLD_SIGNATURES_D: Final = 7


class ScannerWatch:
    """Remembers from one look to the next since when the scanner does not answer."""

    def __init__(self) -> None:
        self._away_since: datetime | None = None

    def look(self, transactions: Transactions, *, answers: bool, signatures_d: int | None, now: datetime) -> None:
        """The tasks say how the scanner is just now.

        `signatures_d`: how many days old its signatures are; None where it has none of a vendor, or does not answer.
        """
        self._away_since = None if answers else self._away_since or now
        is_away = self._away_since is not None and now - self._away_since >= AWAY_FOR
        is_old = signatures_d is not None and signatures_d > OLD_SIGNATURES_D
        with transactions.reading(HUB) as tx:
            away, old = _open(tx, TaskKind.SCANNER_AWAY), _open(tx, TaskKind.SIGNATURES_OLD)
        over = [*(away if answers else ()), *(old if answers and not is_old else ())]
        is_new = (is_away and not away) or (is_old and not old)
        if not over and not is_new:
            return
        with transactions.writing(HUB) as tx:
            for task_id in over:
                tasks.finish(tx, task_id, by=tasks.BY_ITSELF)
            if is_away and not away and self._away_since is not None:
                operator_tasks.scanner_away(tx, since=spoken_time(self._away_since))
            if signatures_d is not None and is_old and not old:
                operator_tasks.signatures_old(tx, days=signatures_d)


def away_since(tx: HubTransaction) -> str | None:
    """Since when the scanner does not answer, as its task says; None where there is no such task."""
    found = [each for each in tasks.records_open(tx) if each.kind == TaskKind.SCANNER_AWAY]
    return str(found[0].params["since"]) if found else None


def _open(tx: HubTransaction, kind: TaskKind) -> list[str]:
    return [each.id for each in tasks.records_open(tx) if each.kind == kind]
