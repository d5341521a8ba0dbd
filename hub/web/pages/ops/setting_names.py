"""What the settings of a bank are called, beside the key that `hub bank set` takes."""

from collections.abc import Mapping

from hub.web.catalogue import marked
from hub.web.pages.translation import translate

_NAMES: Mapping[str, str] = {
    "hotline": marked("客服电话"),
    "complaint_channel": marked("投诉渠道"),
    "desk_email": marked("受理邮箱"),
    "daily_digest": marked("每天早上提醒快到期的申请"),
    "response_days": marked("答复期限（工作日）"),
    "closes_at": marked("每天截止时刻"),
    "pause_on_evidence": marked("等待补充材料时暂停计时"),
    "offer_days": marked("方案有效天数"),
    "max_counter_offers": marked("持卡人最多提出方案的次数"),
    "four_eyes_above_fen": marked("双人复核的起点"),
    "void_after_missed": marked("累计几期未还，银行可以终止协议"),
    "grace_days": marked("到期几天后才能登记未到账"),
    "tolerance_fen": marked("差多少以内算还清"),
    "down_payment_days": marked("签署后几个工作日内先还"),
    "annual_fee_during_plan": marked("协议期间收年费"),
    "default_clause": marked("违约条款"),
    "payment_instructions": marked("还款方式"),
    "give_up_after": marked("送达尝试多久后放弃"),
}


def name_of(key: str) -> str:
    """What people call the setting; empty for an adapter's own."""
    return translate(_NAMES[key]) if key in _NAMES else ""
