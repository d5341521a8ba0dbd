"""The bodies of what amends an agreement: an early settlement and its quote, another pay day.

Each gives a value, or None and every fault.
"""

from hub.domain.early_settlement import EarlySettlementRequest, Figures, SettlementQuote
from hub.domain.pay_day import LAST_DAY, PayDayRequest
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.fields import Day, Fen, FreeText, Instant, Whole


class EarlySettlementSchema(Schema):
    """The day on which the person wants to have paid all, and words to the bank."""

    settle_on = Day(required=True)
    text = FreeText(load_default="")


class SettlementQuoteSchema(Schema):
    """What the bank asks for an early settlement, and until when that can be accepted."""

    principal_fen = Fen(required=True)
    interest_fen = Fen(required=True)
    fee_fen = Fen(load_default=0)
    valid_until = Instant(required=True)


class PayDaySchema(Schema):
    """Another day of the month to pay on, and words to the other side."""

    day = Whole(least=1, most=LAST_DAY, required=True)
    text = FreeText(load_default="")


EARLY_SETTLEMENT = EarlySettlementSchema()
SETTLEMENT_QUOTE = SettlementQuoteSchema()
PAY_DAY = PayDaySchema()


def load_early_settlement(data: object) -> Read[EarlySettlementRequest]:
    """A request for an early settlement. Whether the day can be is not judged here."""
    found, faults = read_body(EARLY_SETTLEMENT, data)
    return Read.of(faults, lambda: EarlySettlementRequest(**found))


def load_settlement_quote(data: object) -> Read[SettlementQuote]:
    """A bank's quote. Whether the ledger allows it is not judged here."""
    found, faults = read_body(SETTLEMENT_QUOTE, data)
    return Read.of(
        faults,
        lambda: SettlementQuote(
            figures=Figures(**{name: found[name] for name in ("principal_fen", "interest_fen", "fee_fen")}),
            valid_until=found["valid_until"],
        ),
    )


def load_pay_day(data: object) -> Read[PayDayRequest]:
    """A request for another pay day. Whether the rows can move so is not judged here."""
    found, faults = read_body(PAY_DAY, data)
    return Read.of(faults, lambda: PayDayRequest(**found))
