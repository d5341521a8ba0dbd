"""What would change a bank's no, by its reason: what the person can do, never what the bank will."""

from collections.abc import Mapping
from typing import Final

from hub.domain.review import RejectionReason
from hub.web.catalogue import marked

CHANGES: Final[Mapping[str, str]] = {
    RejectionReason.INCOMPLETE: marked(
        "补齐材料以后，可以重新申请。没有某份材料的，写明原因，或用能说明情况的别的材料代替。"
    ),
    RejectionReason.NOT_OVERDUE: marked("还没有逾期的，可以先问银行能不能办账单分期；确实逾期以后，可以重新申请。"),
    RejectionReason.CAN_AFFORD: marked(
        "收入减少了，或必要支出增加了，附上近三个月的流水、裁员或医疗的证明，可以重新申请。"
    ),
    RejectionReason.UNWILLING: marked("说清楚每月还得起多少、从哪天开始，哪怕很少，可以重新申请。"),
    RejectionReason.FALSE_INFORMATION: marked(
        "先打银行热线，问清楚哪一项对不上；填错了的，改正以后可以重新申请。您没有填错的，请银行书面说明。"
    ),
    RejectionReason.NOT_OUR_CUSTOMER: marked(
        "核对卡号、证件号和手机号：和银行预留的一致以后，可以重新申请。换过手机号的，先在银行更新。"
    ),
    RejectionReason.ALREADY_IN_PLAN: marked(
        "已有的分期还在进行。按它还不了的，打银行热线说明现在的情况，请银行重新评估。"
    ),
    RejectionReason.LEGAL_ACTION: marked(
        "已经到了法院的，可以向法院申请调解，或问银行能不能和解；收到的法院文书不要不管。"
    ),
    RejectionReason.OTHER: marked("情况有变化，或有新的材料，可以重新申请。不清楚原因的，请银行说明。"),
}
