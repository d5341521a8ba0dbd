"""The background work that a message to a bank gives."""

from hub.banks.port import Batching
from hub.jobs.port import Job
from hub.services.transaction import HubTransaction
from storage.records import DeliveryRecord


def job_of(tx: HubTransaction, record: DeliveryRecord) -> Job:
    """The job that makes the next attempt, of this message alone or of all that its bank takes together."""
    adapter = tx.adapters.adapter(record.through or tx.bank(record.bank_code).adapter)
    in_batches = isinstance(adapter, Batching)
    due = "" if record.next_try_at is None else f":{record.next_try_at.timestamp():.3f}"
    return Job(
        name="deliver_batch" if in_batches else "deliver",
        key=f"deliver:{record.id}:{record.attempts + 1}{due}",
        argument=record.bank_code if in_batches else record.id,
        queue="deliver",
        partition=record.bank_code,
    )
