"""What is said of an agreement and of its payments, to its person and to its bank alike."""

from collections.abc import Mapping
from datetime import datetime

from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.payments import RowStatus
from hub.domain.plain import Plain
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import day, moment, yuan
from hub.web.pages.translation import translate

# One payment whose day is over, while the bank has not said whether it came: nobody knows yet whether it holds.
_UNSETTLED = "unsettled"
SHORT_STANDINGS: Mapping[str, str] = {
    AgreementStatus.IN_FORCE: marked("已达成协议"),
    _UNSETTLED: marked("是否到账待确认"),
    AgreementStatus.SETTLED: marked("已结清"),
    EndReason.REPLACED: marked("已由新协议替代"),
    EndReason.FAILED: marked("协议已失效"),
    AgreementStatus.ENDED: marked("协议已结束"),
}
STANDINGS: Mapping[str, str] = {
    AgreementStatus.IN_FORCE: marked("协议已生效。只要按约还款，银行和受托机构应当停止催收；仍有人催收，请告诉我们。"),
    _UNSETTLED: marked(
        "约定的还款日已过，款项是否如数到账，银行还没有登记。已经还了的，请联系银行核对；"
        "没有还的，协议可能已按约定失效，请尽早和银行联系。"
    ),
    AgreementStatus.SETTLED: marked("银行已确认结清。"),
    EndReason.REPLACED: marked("这份协议已由新的协议替代，请按新的协议还款。"),
    EndReason.FAILED: marked(
        "约定的款项没有在还款日前全额到账，协议按约定失效，约定的减免没有生效。"
        "如果您已经按时还了，请联系银行核对；也可以重新申请协商。"
    ),
    AgreementStatus.ENDED: marked(
        "银行以没有按约还款为由结束了这份协议，理由写在协议页面上；可以联系银行，也可以重新申请协商。"
    ),
}
_FOR_BANKS: Mapping[str, str] = {
    AgreementStatus.IN_FORCE: marked("自签署起应当停止催收（协议因未履行而结束的除外）。"),
    _UNSETTLED: marked("约定的还款日已过，还没有登记到账。如数到账的，请登记还款；没有到账的，按协议的约定处理。"),
    AgreementStatus.SETTLED: marked("本行已确认结清，不再催收。"),
    EndReason.REPLACED: marked("这份协议已由新的协议替代，请按新的协议执行。"),
    EndReason.FAILED: marked(
        "约定的款项没有在还款日前全额到账，协议按约定失效，减免没有生效。款项其实按时到账的，请登记还款，协议即为结清。"
    ),
    AgreementStatus.ENDED: marked("本行以没有按约还款为由结束了这份协议，写给客户的理由如下。"),
}
_OPEN = frozenset(RowStatus) - {RowStatus.PAID}


def row_words(agreement: Plain) -> dict[int, str]:
    """What became of each payment, by its number; of one that is open after the end, that nothing is asked for it."""
    return {row["number"]: _row_word(agreement, row) for row in agreement["payments"]}


def _row_word(agreement: Plain, row: Plain) -> str:
    is_open = row["status"] in _OPEN
    if is_open and agreement["status"] == AgreementStatus.SETTLED:
        return translate("银行不再要求")
    is_reason = row["status"] == RowStatus.MISSED and agreement["end_reason"] == EndReason.DEFAULTED
    if is_open and agreement["status"] == AgreementStatus.ENDED and not is_reason:
        return translate("协议已结束")
    if is_open and row["paid_fen"] and row["total_fen"] is not None:
        lacks = yuan(row["total_fen"] - row["paid_fen"])
        return translate("已还 %(paid)s，还差 %(lacks)s", paid=yuan(row["paid_fen"]), lacks=lacks)
    return word("payment", row["status"])


def _key(agreement: Plain) -> str:
    reason = agreement["end_reason"]
    if agreement["unsettled"]:
        return _UNSETTLED
    return reason if reason in (EndReason.REPLACED, EndReason.FAILED) else str(agreement["status"])


def standing_of(agreement: Plain) -> str:
    """In a sentence, where the agreement stands."""
    return translate(STANDINGS[_key(agreement)])


def standing_for_bank(agreement: Plain) -> str:
    """The same in words to the bank's people."""
    return translate(_FOR_BANKS[_key(agreement)])


def end_words(agreement: Plain) -> list[str]:
    """What else follows from the end, a sentence each: what was waived, from when it counts, which agreement follows.

    Nothing while the agreement is in force.
    """
    match agreement["end_reason"]:
        case EndReason.SETTLED if agreement["waived_rest_fen"]:
            rest = yuan(agreement["waived_rest_fen"])
            return [translate("没有还清的 %(rest)s，银行已减免，不再要求归还。", rest=rest)]
        case EndReason.DEFAULTED:
            at = moment(agreement["end_effective_at"])
            if datetime.fromisoformat(agreement["end_effective_at"]) > face().hub.clock.now():
                return [translate("终止自 %(at)s 起生效；在这之前，银行和受托机构不应催收。", at=at)]
            return [translate("终止已于 %(at)s 生效。", at=at)]
        case EndReason.FAILED:
            return [translate("失效日：%(day)s。", day=day(agreement["end_effective_at"][:10]))]
        case EndReason.REPLACED if agreement["replaced_by"]:
            return [translate("新协议的编号是 %(number)s。", number=agreement["replaced_by"])]
        case _:
            return []


def words_of(agreement: Plain) -> tuple[str, str]:
    """A few words and a sentence on where the agreement stands, both as they stand in the catalogue."""
    key = _key(agreement)
    return SHORT_STANDINGS[key], STANDINGS[key]
