"""Events of banks as they come over any wire: `{"type", "negotiation", "data"}`, the data as the bank API takes it.

What is said of a request names the `request` in place of the negotiation.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from marshmallow import fields

from hub.domain.bank_event import (
    Acknowledged,
    BankMessage,
    Content,
    EventType,
    LoadedCall,
    LoadedEvent,
    OfRequest,
)
from hub.domain.errors import Fault
from schemas import appointments, instalments, mandates
from schemas.actions import (
    load_decision_deferral,
    load_evidence_request,
    load_identity,
    load_nothing,
    load_open_words,
    load_rejection,
    load_words,
)
from schemas.base import Read, Schema, read
from schemas.bill_feed import load_fed_bill
from schemas.debts import load_claim_transfer
from schemas.fields import Choice, FreeText, Instant
from schemas.offers import load_bank_offer
from schemas.strict_json import decode

PREFIX = "negotiation."
_NAME_LIMIT = 64


class BankEventSchema(Schema):
    """What stands around the data of an event. `timestamp` is what many senders put beside it."""

    type = Choice(EventType, required=True)
    negotiation = FreeText(minimum=1, limit=_NAME_LIMIT, required=True)
    timestamp = Instant(load_default=None, allow_none=True)
    data = fields.Raw(load_default=None, allow_none=True)


class BillEventSchema(Schema):
    """What stands around a bill: it is about no negotiation, and some senders say so with an empty one."""

    type = Choice(EventType, required=True)
    negotiation = FreeText(limit=0, load_default="", allow_none=True)
    timestamp = Instant(load_default=None, allow_none=True)
    data = fields.Raw(load_default=None, allow_none=True)


class RequestEventSchema(Schema):
    """What stands around what is said of a request."""

    type = Choice(EventType, required=True)
    request = FreeText(minimum=1, limit=_NAME_LIMIT, required=True)
    timestamp = Instant(load_default=None, allow_none=True)
    data = fields.Raw(load_default=None, allow_none=True)


BANK_EVENT = BankEventSchema()
BILL_EVENT = BillEventSchema()
REQUEST_EVENT = RequestEventSchema()


Loaded = Read[Content]


def _acknowledged(data: object, _today: date) -> Loaded:
    return Read.of(load_nothing(data), Acknowledged)


def _evidence_requested(data: object, _today: date) -> Loaded:
    return load_evidence_request(data)


def _offered(data: object, today: date) -> Loaded:
    return load_bank_offer({} if data is None else data, today=today)


def _rejected(data: object, _today: date) -> Loaded:
    return load_rejection(data)


def _message(data: object, _today: date) -> Loaded:
    words = load_words(data, required=True)
    return Read.of(words.faults, lambda: BankMessage(text=words.value_or_refuse()))


def _decision_deferred(data: object, _today: date) -> Loaded:
    return load_decision_deferral(data)


def _transferred(data: object, _today: date) -> Loaded:
    return load_claim_transfer(data)


def _identity_compared(data: object, _today: date) -> Loaded:
    return load_identity(data)


def _bill_told(data: object, _today: date) -> Loaded:
    return load_fed_bill(data)


def _of_request(load: Callable[[object], Read[Any]]) -> Callable[[object, date], Loaded]:
    def loaded(data: object, _today: date) -> Loaded:
        read = load({} if data is None else data)
        return Read.of(read.faults, lambda: OfRequest(said=read.value_or_refuse()))

    return loaded


_LOADERS: Mapping[EventType, Callable[[object, date], Loaded]] = {
    EventType.ACKNOWLEDGED: _acknowledged,
    EventType.EVIDENCE_REQUESTED: _evidence_requested,
    EventType.OFFERED: _offered,
    EventType.REJECTED: _rejected,
    EventType.MESSAGE: _message,
    EventType.DECISION_DEFERRED: _decision_deferred,
    EventType.TRANSFERRED: _transferred,
    EventType.IDENTITY_COMPARED: _identity_compared,
    EventType.BILL_TOLD: _bill_told,
    EventType.MANDATE_CONFIRMED: _of_request(lambda data: load_open_words(data, required=False)),
    EventType.MANDATE_REFUSED: _of_request(mandates.load_refusal),
    EventType.DEDUCTION_ANSWERED: _of_request(lambda data: load_open_words(data, required=True)),
    EventType.INSTALMENT_QUOTED: _of_request(instalments.load_quote),
    EventType.INSTALMENT_REFUSED: _of_request(instalments.load_refusal),
    EventType.INSTALMENT_DONE: _of_request(instalments.load_posting),
    EventType.APPOINTMENT_CONFIRMED: _of_request(appointments.load_staff),
    EventType.APPOINTMENT_MOVED: _of_request(appointments.load_move),
    EventType.APPOINTMENT_MISSED: _of_request(appointments.load_missed),
    EventType.APPOINTMENT_REPORTED: _of_request(appointments.load_report),
}


def load_event(value: object, *, today: date, type_: str | None = None) -> Read[LoadedEvent]:
    """The event that `value` is, or None and every fault; `type_` is its type where the wire names that elsewhere.

    A type may bear the prefix `negotiation.`.
    """
    given = dict(value) if isinstance(value, Mapping) else value
    if isinstance(given, dict):
        if type_ is not None and "type" in given:
            return Read(None, [Fault("/type", "unknown_field")])
        named = given.get("type") if type_ is None else type_
        if isinstance(named, str):
            given["type"] = named.removeprefix(PREFIX)
    found, faults = read(_around(given.get("type") if isinstance(given, dict) else None), given)
    if "type" not in found:
        return Read(None, faults)
    content, judged = _LOADERS[found["type"]](found.get("data"), today)
    faults += [fault.under("/data") for fault in judged]
    if faults or content is None:
        return Read(None, faults)
    about = {name: found.get(name) or "" for name in ("negotiation", "request")}
    return Read(LoadedEvent(type=found["type"], content=content, **about), [])


def _around(type_: object) -> Schema:
    if type_ == EventType.BILL_TOLD:
        return BILL_EVENT
    is_of_request = isinstance(type_, str) and type_ in set(EventType) and EventType(type_).is_of_request
    return REQUEST_EVENT if is_of_request else BANK_EVENT


def load_call(content: bytes, *, today: date, type_: str | None = None) -> LoadedCall:
    """The event that the bytes of a call hold, as `load_event` reads it; raises `Malformed` where they are no JSON."""
    value = decode(content)
    event, faults = load_event(value, today=today, type_=type_)
    return LoadedCall(negotiation=negotiation_named(value), event=event, faults=tuple(faults))


def negotiation_named(value: object) -> str | None:
    """The negotiation or request that an event claims to be about, whatever else is wrong with it."""
    named = (value.get("negotiation") or value.get("request")) if isinstance(value, Mapping) else None
    return named if isinstance(named, str) and named.isprintable() else None
