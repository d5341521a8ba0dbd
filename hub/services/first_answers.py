"""Calls with an idempotency key: the first answer is kept in the transaction of its effect, and given again.

Where something has to follow the commit, such as a text message, the answer is unfinished until that has happened:
who died in between must not have the next call told of what never was.
"""

from datetime import timedelta

from hub.domain.errors import IdempotencyKeyBusy, IdempotencyKeyReused
from hub.services.transaction import HubTransaction
from storage import clients
from storage.clients import FirstAnswer

# The status under which an unfinished answer is kept; no action answers with it.
UNFINISHED = 102
# In the hub's time, and longer than whatever follows a commit takes.
FINISHED_WITHIN = timedelta(seconds=10)


def find_first_answer(tx: HubTransaction, client_id: str, key: str, *, fingerprint: str) -> FirstAnswer | None:
    """What was answered when the client used `key` first; None where this call is the first, and is being held.

    Raises `IdempotencyKeyBusy` while another process works on a call with the key, or may still finish its answer,
    and `IdempotencyKeyReused` where the first call was another one.
    """
    is_held, first = clients.hold_and_find(tx, client_id, key)
    if not is_held:
        raise IdempotencyKeyBusy
    if first is not None and first.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if first is None or first.status != UNFINISHED:
        return first
    # A hub clock that was set back since then must not keep the key busy for days.
    if first.at is not None and timedelta() <= tx.now - first.at < FINISHED_WITHIN:
        raise IdempotencyKeyBusy
    clients.forget_first_answer(tx, client_id, key)
    return None


def keep_first_answer(tx: HubTransaction, client_id: str, key: str, answer: FirstAnswer) -> None:
    """`answer` is given again to every later call with `key`; an unfinished one once it is finished."""
    clients.keep_first_answer(tx, client_id, key, answer)


def finish_first_answer(tx: HubTransaction, client_id: str, key: str, status: int) -> None:
    """What had to follow the call with `key` has happened, and its answer has this status."""
    clients.set_first_status(tx, client_id, key, status)


def forget_first_answer(tx: HubTransaction, client_id: str, key: str) -> None:
    """`key` can be used again: what had to follow its call did not happen."""
    clients.forget_first_answer(tx, client_id, key)


__all__ = [
    "FINISHED_WITHIN",
    "UNFINISHED",
    "FirstAnswer",
    "find_first_answer",
    "finish_first_answer",
    "forget_first_answer",
    "keep_first_answer",
]
