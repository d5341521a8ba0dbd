"""Records of calls on the wire: a cardholder's own, and a bank's, which can be an oral agreement.

They come as the text fields of a form beside a file, so that `terms` are JSON in a text.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from marshmallow import fields

from hub.domain.correspondence import CallRecord, Direction
from hub.domain.errors import Fault, Malformed
from hub.domain.people import says_nothing
from hub.domain.terms import Terms
from schemas.base import Found, Read, Schema, read
from schemas.fields import Choice, FreeText, Instant, SpokenText, Text
from schemas.offers import load_terms
from schemas.strict_json import decode

RECORDING_REFERENCE_LIMIT = 200


class TermsText(fields.String):
    """Terms as JSON in a text, taken as they are: they are read by themselves, as the terms of an offer are."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value


class CallRecordSchema(Schema):
    """A cardholder's own record of a call or a screenshot."""

    at = Instant(required=True)
    text = SpokenText(minimum=1, required=True)


class BankCallSchema(CallRecordSchema):
    """A bank's record of a call; with `terms`, of an oral agreement."""

    direction = Choice(Direction, required=True)
    recording_reference = Text(limit=RECORDING_REFERENCE_LIMIT, load_default="", allow_none=True)
    terms = TermsText(load_default=None, allow_none=True)
    reason_over_80 = FreeText(load_default="", allow_none=True)


CALL_RECORD = CallRecordSchema()
BANK_CALL = BankCallSchema()


def load_call_record(data: object) -> Read[CallRecord]:
    """A cardholder's own record of a call, from the text fields of a form."""
    found, faults = read(CALL_RECORD, data)
    return Read.of(faults, lambda: CallRecord(**found))


def load_bank_call(data: object, *, has_recording: bool, today: date) -> Read[CallRecord]:
    """A bank's record of a call, from the text fields of a form; `has_recording`: a file came with it.

    `terms` make it an oral agreement, which needs the recording or its reference.
    """
    found, faults = read(BANK_CALL, data)
    terms = None
    sent = found.pop("terms", None)
    if sent not in (None, ""):
        terms, term_faults = _oral_terms(sent, today)
        faults += [*term_faults, *_recording_faults(found, has_recording=has_recording)]
    if faults:
        return Read(None, faults)
    reference = found.pop("recording_reference") or None
    reason = found.pop("reason_over_80") or ""
    return Read(CallRecord(**found, recording_reference=reference, terms=terms, reason_over_80=reason), [])


def _oral_terms(sent: Any, today: date) -> Read[Terms]:
    """Terms from a form's field, where they are JSON in a text, or from JSON as they are."""
    if isinstance(sent, str):
        try:
            sent = decode(sent.encode(errors="surrogatepass"))
        except Malformed:
            return Read(None, [Fault("/terms", "json_form")])
    return load_terms(sent, today=today, pointer="/terms")


def _recording_faults(found: Found, *, has_recording: bool) -> Iterator[Fault]:
    # A reference that could not be read has its own fault.
    if not has_recording and says_nothing(found.get("recording_reference", "unread") or ""):
        yield Fault("/recording", "recording_required")
