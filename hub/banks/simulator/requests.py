"""What a simulated bank says to requests beside a negotiation: figures, who comes, a yes or a reasoned no."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from cattrs import BaseValidationError

from hub.banks.simulator.conduct import Decision
from hub.banks.simulator.port import Arrived
from hub.domain.bank_event import EventType
from hub.domain.delivery import MessageKind
from hub.domain.instalment_deal import InstalmentDeal
from hub.domain.instalment_estimate import Wish, estimate
from hub.domain.instalment_quote import MOST_VALID_DAYS, next_day_of
from hub.domain.plain import Plain, from_plain, to_plain

VISITORS: Final = ("A1", "A2")
"""The numbers of the two who come to every appointment; the bank's own visitors, where the hub knows them."""
_NOT_OURS: Final = {"reason_code": "not_ours", "text": "经核实,我行没有这项授权。(模拟银行)"}
_CHECKED: Final = {"text": "已核对这笔扣款,我行会在两个工作日内与您联系。(模拟银行)"}
_NO_INSTALMENTS: Final = {"reason_code": "other", "text": "经核实,这笔分期暂时无法变更。(模拟银行)"}
_BASIS: Final = "按分期合同的约定,计至报价日。(模拟银行)"
_STANDS: Final = timedelta(days=7)


def said_of_request(arrived: Arrived, decision: Decision, *, today: date) -> Iterator[tuple[EventType, Plain]]:
    """What the bank says at once: type and data. Raises `KeyError`, `TypeError` or `ValueError` for another form."""
    is_no = decision is Decision.REJECT
    match arrived.kind:
        case MessageKind.MANDATE_REVOKED if is_no:
            yield EventType.MANDATE_REFUSED, _NOT_OURS
        case MessageKind.MANDATE_REVOKED:
            yield EventType.MANDATE_CONFIRMED, {}
        case MessageKind.DEDUCTION_REPORTED:
            yield EventType.DEDUCTION_ANSWERED, _CHECKED
        case MessageKind.INSTALMENT_REQUESTED if is_no:
            yield EventType.INSTALMENT_REFUSED, _NO_INSTALMENTS
        case MessageKind.INSTALMENT_REQUESTED:
            yield EventType.INSTALMENT_QUOTED, _quote(arrived.data, today)
        case MessageKind.INSTALMENT_ACCEPTED:
            yield EventType.INSTALMENT_DONE, {"paid_on": today.isoformat()}
        case MessageKind.APPOINTMENT_REQUESTED if not is_no:
            yield EventType.APPOINTMENT_CONFIRMED, {"staff": list(VISITORS)}


def _quote(data: Mapping[str, Any], today: date) -> Plain:
    """A quote as the hub's own rules reckon, for the day that was asked for or the nearest that can be."""
    try:
        deal = from_plain(InstalmentDeal, data["deal"])
        asked = {name: data[name] for name in ("kind", "wanted_on", "merchant_refund_fen", "terms_left")}
        next_on = next_day_of(deal, today)
        as_of = min(max(date.fromisoformat(asked["wanted_on"]), today), next_on)
        figures = estimate(deal, from_plain(Wish, {**asked, "wanted_on": as_of.isoformat()})).figures
    except BaseValidationError as error:
        raise ValueError("deal") from error
    latest = min(today + timedelta(days=MOST_VALID_DAYS), next_on)
    valid_until = min(today + _STANDS, latest)
    return {
        "as_of": as_of.isoformat(),
        "valid_until": valid_until.isoformat(),
        "pay_by": latest.isoformat(),
        **to_plain(figures),
        "pay_fen": figures.pay_fen,
        # Its own day count may be another than the hub's.
        "basis": _BASIS,
    }
