"""What background work is about."""

from collections.abc import Sequence

from hub.jobs.port import DeadJob
from hub.services.transaction import HubTransaction
from storage import operations


def references_of_jobs(tx: HubTransaction, jobs: Sequence[DeadJob]) -> dict[str, str]:
    """The reference of the negotiation that a job is about, by the job's argument, as far as it is about one."""
    arguments = [job.argument for job in jobs]
    return operations.references_of(tx, arguments) | operations.references_of_deliveries(tx, arguments)
