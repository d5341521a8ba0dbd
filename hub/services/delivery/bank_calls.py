"""What a bank said, from the bytes to its effect, for the faces and the worker alike."""

import logging
import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol

from hub.banks.port import BankCall, Refusal
from hub.domain.bank import Bank
from hub.domain.bank_event import BankEvent, LoadedCall
from hub.domain.china import china_day
from hub.domain.clock import Clock
from hub.domain.errors import Fault, HubError, Malformed, Refused, StatusConflict, StoreFull, TryAgain, Unavailable
from hub.services.delivery import bank_events
from hub.services.transaction import Transactions, begun_again

_log = logging.getLogger(__name__)
_REFUSED = 422
_SERVER_FAULT = 500
_FAILED = "server_error"
_FIELD = re.compile(r"[a-z_]{0,40}|\d{1,4}")


class LoadCall(Protocol):
    """Reads the bytes of a call, as `schemas.bank_events.load_call` does."""

    def __call__(self, content: bytes, *, today: date, type_: str | None) -> LoadedCall:
        """What the bytes came to on `today` in China; raises `Malformed` where they are no JSON."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCalls:
    """What takes in what banks say."""

    transactions: Transactions
    clock: Clock
    load: LoadCall

    def take(self, bank: Bank, call: BankCall) -> None:
        """What the bank said has had its effect, now or when it was first said.

        A refusal is kept for the operator and then raised, as an error of the tree: `Malformed`, `Refused`, `NotFound`,
        `Conflict`, `EventIdReused`. `Unavailable` is none: the same may be taken a moment later.
        """
        negotiation: str | None = None
        try:
            loaded = self.load(call.content, today=china_day(self.clock.now()), type_=call.type)
            negotiation = loaded.negotiation
            loaded_event = loaded.event_or_refuse()
            event = BankEvent(
                id=call.id,
                bank_code=bank.code,
                negotiation=loaded_event.negotiation,
                type=loaded_event.type,
                content=loaded_event.content,
                digest=call.digest,
                request=loaded_event.request,
            )
            begun_again(partial(self._apply, event))
        except (Unavailable, StoreFull):
            raise
        except HubError as error:
            self.refuse(bank, error, digest=call.digest, event_id=call.id, negotiation=negotiation)
            raise

    def taken_or_refused(self, bank: Bank, call: BankCall) -> Refusal | None:
        """None once what the bank said has had its effect, or why it has none; raises `TryAgain`: nothing is decided.

        For what the hub picks up itself: the reason is written for the bank's engineers. Where the hub itself is at
        fault, that is `server_error`, and the operator sees it too.
        """
        try:
            self.take(bank, call)
        except (Unavailable, StoreFull) as error:
            raise TryAgain(f"the hub's own database or store: {error}") from error
        except HubError as error:
            return Refusal(code=code_of(error), text=reason_of(error), status=_REFUSED)
        except Exception as error:  # noqa: BLE001 - whatever it was, it must not hold up what else the bank laid out
            _log.error("a bank's event failed", extra={"bank": bank.code, "error": type(error).__name__})
            self._keep(bank, _FAILED, digest=call.digest, event_id=call.id)
            return Refusal(code=_FAILED, text=_FAILED, status=_SERVER_FAULT)
        return None

    def _apply(self, event: BankEvent) -> bool:
        try:
            with self.transactions.writing(bank_events.actor_of(event.bank_code)) as tx:
                return bank_events.apply_event(tx, event)
        except Refused as error:
            # The rules speak of the content alone, which the bank sent as `data`.
            raise Refused(*(each.under("/data") for each in error.faults)) from error

    def refuse(
        self,
        bank: Bank,
        error: HubError,
        *,
        digest: str,
        event_id: str | None = None,
        negotiation: str | None = None,
    ) -> None:
        """The refusal is on record for the operator."""
        faults = _faults_of(error)
        self._keep(bank, code_of(error), digest=digest, event_id=event_id, negotiation=negotiation, faults=faults)

    def _keep(
        self,
        bank: Bank,
        code: str,
        *,
        digest: str,
        event_id: str | None,
        negotiation: str | None = None,
        faults: str | None = None,
    ) -> None:
        with self.transactions.writing(bank_events.actor_of(bank.code)) as tx:
            bank_events.keep_refusal(
                tx,
                bank_code=bank.code,
                code=code,
                digest=digest,
                event_id=event_id,
                negotiation=negotiation,
                faults=faults,
            )


def _faults_of(error: HubError) -> str | None:
    """Where what was said is wrong; a name that is none of ours may be a person's, and is left out."""
    if not isinstance(error, Refused):
        return None
    return "; ".join(f"{_ours(fault.pointer)}: {fault.code}" for fault in error.faults)


def _ours(pointer: str) -> str:
    return "/".join(part if _FIELD.fullmatch(part) else "…" for part in pointer.split("/"))


def code_of(error: HubError) -> str:
    """The refusal in one word: the code of the error, or the name of its class in the same spelling."""
    if isinstance(error, Refused):
        return "invalid_input"
    if isinstance(error, Malformed):
        return error.code
    code = getattr(error, "code", None)
    if isinstance(code, str):
        return code
    name = type(error).__name__
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def reason_of(error: HubError) -> str:
    """The refusal for an engineer: its code, each fault with its place, the status that stands in the way."""
    faults: tuple[Fault, ...] = error.faults if isinstance(error, Refused) else ()
    status = [f"it is {error.status}"] if isinstance(error, StatusConflict) else []
    return "; ".join([code_of(error), *status, *(f"{fault.pointer}: {fault.code}" for fault in faults)])
