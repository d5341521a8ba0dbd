"""What is said of the amendments of an agreement, to its person and to its bank alike."""

from collections.abc import Mapping

from hub.domain.amendment import COUNTING, OPEN, AmendmentKind, AmendmentStatus
from hub.domain.amounts import yuan as amount
from hub.domain.plain import Plain
from hub.web.catalogue import marked
from hub.web.pages.translation import translate

NAMES: Mapping[str, str] = {
    AmendmentKind.EARLY_SETTLEMENT: marked("提前结清"),
    AmendmentKind.PAY_DAY: marked("更改还款日"),
}
PATHS: Mapping[str, str] = {
    AmendmentKind.EARLY_SETTLEMENT: "early-settlement",
    AmendmentKind.PAY_DAY: "pay-day",
}
"""What each kind is called in addresses."""
STANDINGS: Mapping[str, str] = {
    AmendmentStatus.WITH_BANK: marked("等待银行答复"),
    AmendmentStatus.QUOTED: marked("银行已报价，等待客户确认"),
    AmendmentStatus.PROPOSED: marked("银行已提议，等待客户确认"),
    AmendmentStatus.AWAITING_PAYMENT: marked("已签署，等待还款"),
    AmendmentStatus.IN_FORCE: marked("已生效"),
    AmendmentStatus.DONE: marked("已按约还清"),
    AmendmentStatus.VOID: marked("没有按时还款，原来的还款计划继续"),
    AmendmentStatus.LAPSED: marked("已过有效期，原来的还款计划继续"),
    AmendmentStatus.REFUSED: marked("银行没有同意，原来的还款计划继续"),
    AmendmentStatus.DECLINED: marked("客户没有接受，原来的还款计划继续"),
    AmendmentStatus.WITHDRAWN: marked("客户已撤回，原来的还款计划继续"),
}
_TO_THE_PERSON: Mapping[str, str] = {
    AmendmentStatus.QUOTED: marked("银行已报价，请您确认"),
    AmendmentStatus.PROPOSED: marked("银行已提议，请您确认"),
    AmendmentStatus.DECLINED: marked("您没有接受，原来的还款计划继续"),
    AmendmentStatus.WITHDRAWN: marked("您已撤回，原来的还款计划继续"),
}
_FIGURES: Mapping[str, str] = {
    "principal_fen": marked("本金"),
    "interest_fen": marked("利息"),
    "fee_fen": marked("费用"),
    "total_fen": marked("合计"),
}


def standing_of(request: Plain) -> str:
    """In a few words to the person, where the request stands."""
    return translate({**STANDINGS, **_TO_THE_PERSON}[request["status"]])


def standing_for_bank(request: Plain) -> str:
    """The same in words to the bank's people."""
    return translate(STANDINGS[request["status"]])


def is_open(request: Plain | None) -> bool:
    """Whether the request is open."""
    return request is not None and request["status"] in OPEN


def is_amended(agreement: Plain) -> bool:
    """Whether the rows in force are others than those of the agreement's own schedule."""
    return any(each["status"] in COUNTING for each in agreement["amendments"])


def signed_of(agreement: Plain) -> list[Plain]:
    """The signed amendments with their names and how they stand."""
    return [
        {**each, "name": translate(NAMES[each["kind"]]), "standing": standing_for_bank(each)}
        for each in agreement["amendments"]
    ]


def amended_for_bank(agreement: Plain) -> Plain:
    """What a bank is shown of amendments: the newest request of each kind, what was signed, whether it may propose."""
    requests = [(kind, agreement[kind]) for kind in AmendmentKind if agreement[kind] is not None]
    return {
        "is_amended": is_amended(agreement),
        "signed": signed_of(agreement),
        "requests": [
            {**asked, "kind": kind, "name": translate(NAMES[kind]), "standing": standing_for_bank(asked)}
            for kind, asked in requests
        ],
        "may_propose": not any(is_open(asked) for _, asked in requests),
    }


def figure_rows(estimate: Plain, quote: Plain | None = None) -> list[tuple[str, list[str]]]:
    """(name, amounts) of each part of an early settlement: the hub's, the bank's, how far they differ."""
    return [
        (translate(name), [amount(estimate[part]), *([] if quote is None else _quoted(estimate[part], quote[part]))])
        for part, name in _FIGURES.items()
    ]


def _quoted(estimated_fen: int, quoted_fen: int) -> list[str]:
    difference = quoted_fen - estimated_fen
    sign = "+" if difference > 0 else "−" if difference else ""
    return [amount(quoted_fen), f"{sign}{amount(abs(difference))}"]
