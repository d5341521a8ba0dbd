"""What people call the settings of a bank, the same on pages and in tables."""

from collections.abc import Mapping
from typing import Final

from hub.domain.clauses import CLAUSE_TITLES
from hub.domain.marked import marked

SETTING_NAMES: Final[Mapping[str, str]] = {
    "hotline": marked("客服电话"),
    "hotline_hours": marked("客服电话的服务时间"),
    "calls_from": marked("银行从哪些号码打给客户"),
    "complaint_channel": marked("投诉渠道"),
    "desk_email": marked("受理邮箱"),
    "daily_digest": marked("每天早上提醒快到期的申请"),
    "mail_brackets": marked("邮件标题的括号"),
    "response_days": marked("答复期限（工作日）"),
    "closes_at": marked("每天截止时刻"),
    "pause_on_evidence": marked("等待补充材料时暂停计时"),
    "offer_days": marked("方案有效天数"),
    "max_counter_offers": marked("客户最多提出方案的次数"),
    "four_eyes_above_fen": marked("双人复核的起点"),
    "approval_levels": marked("分级复核"),
    "max_renegotiations": marked("同一张卡可以重新协商几次"),
    "void_after_missed": marked("累计几期未还，银行可以终止协议"),
    "grace_days": marked("到期几天后才能登记未到账"),
    "tolerance_fen": marked("差多少以内算还清"),
    "default_notice_days": marked("违约终止：通知几天后生效"),
    "down_payment_days": marked("签署后几个工作日内先还"),
    "annual_fee_during_plan": marked("协议期间收年费"),
    "default_clause": marked("违约条款"),
    "payment_instructions": marked("还款方式"),
    "clearance_text": marked("结清证明的文字"),
    **CLAUSE_TITLES,
    "early_repayment_fee": marked("提前还款可以收费"),
    "fee_name": marked("方案费用的名称"),
    "office_address": marked("办公地址"),
    "office_phone": marked("办公电话"),
    "collection_agencies": marked("受托催收机构"),
    "card_minimum_percent": marked("公布的最低还款比例"),
    "card_floor_fen": marked("公布的最低还款额下限"),
    "card_daily_rate_percent": marked("公布的透支利率（每天）"),
    "card_late_fee_percent": marked("公布的违约金比例"),
    "services": marked("开通的服务"),
    "give_up_after": marked("送达尝试多久后放弃"),
    "sign_on_issuer": marked("统一登录：地址"),
    "sign_on_client_id": marked("统一登录：客户端标识"),
    "sign_on_secret": marked("统一登录：客户端密钥"),
    "sign_on_claim": marked("统一登录：哪一项是工作邮箱"),
    "sign_on_domains": marked("统一登录：允许的邮箱域名"),
    "sign_on_second_factor": marked("统一登录：第二步由谁验证"),
    "sign_on_acr": marked("统一登录：表示已验证两步的凭据级别"),
}
