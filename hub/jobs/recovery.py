"""How the work of workers that died comes back into its queue."""

from dbos import DBOS

from hub.jobs.lease import SlotLease


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
