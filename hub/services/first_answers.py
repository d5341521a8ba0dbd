"""Calls with an idempotency key: the first answer is kept in the transaction of its effect, and given again."""

from hub.domain.errors import IdempotencyKeyBusy, IdempotencyKeyReused
from hub.services.transaction import HubTransaction
from storage import clients
from storage.clients import FirstAnswer


def find_first_answer(tx: HubTransaction, client_id: str, key: str, *, fingerprint: str) -> FirstAnswer | None:
    """What was answered when the client used `key` first; None where this call is the first, and is being held.

    Raises `IdempotencyKeyBusy` while another process works on a call with the key, and `IdempotencyKeyReused` where
    the first call was another one.
    """
    if not clients.hold_key(tx, client_id, key):
        raise IdempotencyKeyBusy
    first = clients.find_first_answer(tx, client_id, key)
    if first is not None and first.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return first


def keep_first_answer(tx: HubTransaction, client_id: str, key: str, answer: FirstAnswer) -> None:
    """`answer` is given again to every later call with `key`."""
    clients.keep_first_answer(tx, client_id, key, answer)


def forget_first_answer(tx: HubTransaction, client_id: str, key: str) -> None:
    """`key` can be used again: what had to follow its call did not happen."""
    clients.forget_first_answer(tx, client_id, key)


__all__ = ["FirstAnswer", "find_first_answer", "forget_first_answer", "keep_first_answer"]
