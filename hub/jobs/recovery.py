"""How the work of workers that died comes back into its queue, and how a worker stays one that lives."""

import logging
import threading
from collections.abc import Callable

from dbos import DBOS

from hub.jobs.lease import SlotLease

_log = logging.getLogger(__name__)


def keep_and_recover(
    lease: SlotLease,
    ended: threading.Event,
    *,
    every_s: float,
    on_lost: Callable[[], None],
    on_leading: Callable[[bool], None],
) -> None:
    """The lease was kept until `ended` was set, or lost, which `on_lost` is told; `on_leading`: whether it leads."""
    while not ended.wait(every_s):
        try:
            if not lease.keep():
                _log.warning(
                    "another worker has this one's place: it ends, and may be started again",
                    extra={"executor": lease.executor_id},
                )
                on_lost()
                return
            on_leading(lease.leads())
            recover_dead_workers(lease)
        except Exception:  # noqa: BLE001 - whatever it was, the sweeper must go on
            # The next look heals what this one could not do; a sweeper that ended would heal nothing.
            _log.exception("looking for the work of dead workers failed")


def recover_dead_workers(lease: SlotLease) -> None:
    """What dead workers had taken waits in its queue again, with its count of recoveries kept."""
    taken = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    for executor_id in {run.executor_id for run in taken if run.executor_id} - {lease.executor_id}:
        with lease.borrow(executor_id) as dead:
            if dead:
                _recover(executor_id)


def _recover(executor_id: str) -> None:
    # The public resume_workflow starts the count of recoveries anew, so that a job which kills its worker
    # would be resumed for ever. This private call keeps the count; a test pins its name and what it does.
    DBOS._recover_pending_workflows([executor_id])  # noqa: SLF001
