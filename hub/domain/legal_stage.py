"""How far a debt has got in court, and what an agreement on such a debt is: a settlement beside the proceedings.

A debt that was sued for is no case of Article 70 any more: the paper is 庭外和解, or 执行和解 once there is a judgment.
It says that the court decides on its own proceedings, and promises nothing in its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LegalStage(StrEnum):
    """How far it has got."""

    NONE = "none"  # 未起诉
    SUED = "sued"  # 诉讼中
    JUDGED = "judged"  # 已判决或调解
    ENFORCED = "enforced"  # 执行中


_ORDER = tuple(LegalStage)


class InCourt(Protocol):
    """Whatever says how far it has got in court; `court` and `case_number` are empty where they are not known."""

    @property
    def legal_stage(self) -> LegalStage: ...
    @property
    def court(self) -> str: ...
    @property
    def case_number(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalStanding:
    """Where a debt stands in court."""

    legal_stage: LegalStage = LegalStage.NONE
    court: str = ""
    case_number: str = ""

    @property
    def is_in_court(self) -> bool:
        """Whether the debt was sued for."""
        return self.legal_stage is not LegalStage.NONE

    @property
    def title_zh(self) -> str:
        """What an agreement on a debt that was sued for is called."""
        return "庭外和解协议" if self.legal_stage is LegalStage.SUED else "执行和解协议"

    @property
    def goes_on_by_zh(self) -> str:
        """By what the part of a debt that an agreement leaves out goes on: a judgment binds beside the contract."""
        judged = self.legal_stage in (LegalStage.JUDGED, LegalStage.ENFORCED)
        return "生效法律文书和原信用卡领用合约" if judged else "原信用卡领用合约"


NOT_IN_COURT = LegalStanding()


def furthest(accounts: Iterable[InCourt]) -> LegalStanding:
    """Where a debt of several accounts stands: as the one that has got furthest; nowhere where there is none."""
    most = max(accounts, key=lambda each: _ORDER.index(each.legal_stage), default=NOT_IN_COURT)
    return LegalStanding(legal_stage=most.legal_stage, court=most.court, case_number=most.case_number)


# Clauses speak of disputes and of the card's contract as if no court had the debt.
_GOES_FIRST_ZH = "本协议的其他约定与此不一致的，以此为准。"


def named_zh(standing: LegalStanding) -> str:
    """Court and case number as far as they are known, in brackets; empty where neither is."""
    known = [standing.court] if standing.court else []
    known += [f"案号：{standing.case_number}"] if standing.case_number else []
    return f"（{'，'.join(known)}）" if known else ""


def recital_zh(standing: LegalStanding) -> str:
    """How an agreement on a debt that was sued for begins."""
    named = named_zh(standing)
    match standing.legal_stage:
        case LegalStage.SUED:
            before = f"发卡银行已就上述信用卡欠款向人民法院提起诉讼{named}，尚未作出裁判。双方在诉讼之外"
        case LegalStage.JUDGED:
            before = f"人民法院已就上述信用卡欠款作出生效的判决、裁定或者调解书{named}。双方就其履行"
        case _:
            before = f"人民法院正在执行上述信用卡欠款{named}。双方就其履行"
    return f"持卡人目前还款有困难，仍有还款意愿。{before}自愿、平等协商，达成本{standing.title_zh}。"


def proceedings_zh(standing: LegalStanding) -> str:
    """What becomes of the proceedings; empty where there are none."""
    match standing.legal_stage:
        case LegalStage.NONE:
            return ""
        case LegalStage.SUED:
            return (
                "本协议签署后，发卡银行按照法律规定的程序，向人民法院申请撤回起诉或者以其他方式处理本案；"
                "是否准许，由人民法院决定。本协议不代替人民法院的裁判文书。"
                "诉讼费用的负担，双方没有另行约定的，按照法律规定办理。"
                f"{_GOES_FIRST_ZH}"
            )
        case _:
            return (
                "本协议签署后，已经申请执行的，发卡银行按照法律规定的程序，向人民法院申请中止执行，"
                "是否准许由人民法院决定；尚未申请执行的，申请执行的期限和程序按照法律规定办理。"
                "本协议不改变已经生效的法律文书；一方不履行本协议的，"
                "另一方可以依照法律规定申请执行或者恢复执行原生效法律文书。"
                f"{_GOES_FIRST_ZH}"
            )
