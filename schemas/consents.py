"""The body with which a consent is taken back."""

from hub.domain.consent import Purpose
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.fields import Choice


class WithdrawalSchema(Schema):
    """Which consent is taken back."""

    purpose = Choice(Purpose, required=True)


WITHDRAWAL = WithdrawalSchema()


def load_withdrawal(data: object) -> Read[Purpose]:
    """The purpose that is taken back, or None and every fault."""
    found, faults = read_body(WITHDRAWAL, data)
    return Read.of(faults, lambda: Purpose(found["purpose"]))
