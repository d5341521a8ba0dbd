"""What the fields of the cardholders' forms are called, in the order of the pages, and faults said with those names.

A field is named by its place without the numbers of rows. One that is not here keeps the sentence of the API.
A form whose fields have other names, or stand in another order, brings its own `FormFields`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub.domain.affordability import IncomeKind, SpendingKind
from hub.domain.errors import Fault
from hub.domain.issuers import same_bank
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import day, yuan
from hub.web.pages.translation import fault_text, translate

NAMES: Final[Mapping[str, str]] = {
    "accounts": marked("卡"),
    "accounts.take": marked("这张卡"),
    "accounts.bank_code": marked("银行"),
    "accounts.card_number": marked("信用卡卡号"),
    "accounts.principal_fen": marked("欠款本金"),
    "accounts.interest_fen": marked("利息"),
    "accounts.fees_fen": marked("费用"),
    "accounts.penalty_fen": marked("违约金"),
    "accounts.components": marked("已办理分期的部分"),
    "accounts.components.principal_fen": marked("分期的本金"),
    "accounts.components.remaining_terms": marked("剩余期数"),
    "accounts.role": marked("附属卡"),
    "accounts.account_group": marked("共用账户"),
    "accounts.overdue_since": marked("逾期日期"),
    "accounts.legal_stage": marked("诉讼情况"),
    "accounts.court": marked("法院"),
    "accounts.case_number": marked("案号"),
    "loans": marked("贷款"),
    "loans.creditor_code": marked("合同里的出借人"),
    "loans.contract_last4": marked("合同编号的最后 4 位"),
    "loans.product": marked("贷款名称"),
    "loans.platform_name": marked("通过哪个平台借的"),
    "loans.principal_fen": marked("欠款本金"),
    "loans.interest_fen": marked("利息"),
    "loans.fees_fen": marked("费用"),
    "loans.penalty_fen": marked("违约金"),
    "loans.annual_rate_percent": marked("年利率"),
    "loans.overdue_since": marked("逾期日期"),
    "loans.other_creditor": marked("另一家出借人"),
    "loans.other_percent": marked("另一家的出资比例"),
    "hardship.reasons": marked("遇到的困难"),
    "hardship.since": marked("开始的时间"),
    "hardship.description": marked("您的说明"),
    "support_needs": marked("希望银行照顾的地方"),
    "finances.income": marked("每月收入"),
    "finances.income.amount_fen": "",
    "finances.spending": marked("每月支出"),
    "finances.spending.amount_fen": "",
    "finances.other_debt_payments_fen": marked("每月要还的其他债"),
    "finances.dependants": marked("需要您抚养或赡养的人数"),
    "finances.household_size": marked("一起生活的人数"),
    "evidence": marked("材料"),
    "kinds": marked("材料的种类"),
    "option": marked("每月还多少"),
    "own.monthly_payment_fen": marked("每月还多少"),
    "deferral.months": marked("希望暂缓几个月"),
    "reduction.waive_interest": marked("全部利息和违约金"),
    "reduction.waived": marked("希望减免的内容"),
    "reduction.waived.interest_fen": marked("希望减免的利息"),
    "reduction.waived.penalty_fen": marked("希望减免的违约金"),
    "reduction.waived.fees_fen": marked("希望减免的费用"),
    "reduction.waived.principal_fen": marked("希望减免的本金"),
    "reduction.monthly_payment_fen": marked("减免后每月还多少"),
    "settlement.settlement_fen": marked("一次还清的金额"),
    "lower_minimum.minimum_percent": marked("最低还款额的比例"),
    "lower_minimum.months": marked("月数"),
    "parts": "",
    "parts.part_fen": marked("这家银行的份额"),
    "first_due_on": marked("开始的日子"),
    "waive_interest": marked("减免利息和违约金"),
    "call_me": marked("请银行先打电话"),
    "down_payment_fen": marked("签署后先还的金额"),
    "note": marked("补充说明"),
    "terms.principal_fen": marked("列入方案的金额"),
    "terms.instalments": marked("分多少期"),
    "terms.monthly_payment_fen": marked("每月还多少"),
    "terms.down_payment_fen": marked("签署后先还的金额"),
    "terms.minimum_percent": marked("最低还款额的比例"),
    "terms.months": marked("月数"),
    "terms.annual_rate_percent": marked("年利率"),
    "terms.first_due_on": marked("首次还款日"),
    "terms.waived": marked("希望减免的内容"),
    "terms.waived.interest_fen": marked("希望减免的利息"),
    "terms.waived.penalty_fen": marked("希望减免的违约金"),
    "terms.waived.fees_fen": marked("希望减免的费用"),
    "terms.waived.principal_fen": marked("希望减免的本金"),
    "terms.note": marked("说明"),
    "applicant.name": marked("姓名"),
    "applicant.id_type": marked("证件类型"),
    "applicant.id_number": marked("证件号码"),
    "applicant.mobile": marked("手机号"),
    "applicant.email": marked("电子邮箱"),
    "contact.channels": marked("联系渠道"),
    "contact.hours": marked("方便的时间"),
    "representative.name": marked("协助人姓名"),
    "representative.relation": marked("协助人和您的关系"),
    "representative.mobile": marked("协助人手机号"),
    "representative.authority_evidence": marked("授权书"),
    "agreed": marked("我看过以上内容，同意按这个方案还款"),
    "settle_on": marked("希望还清的日子"),
    "day": marked("希望的还款日"),
    "wage_day": marked("发薪日"),
    "sent_on": marked("投诉的日期"),
    "confirmation_code": marked("六位确认码"),
    "sure": marked("我确定要撤回这次协商"),
    "erase": marked("我看过了，确定删除"),
    "consents": "",
    "consents.sensitive_data": "",
    "consents.medical_data": "",
    "consents.family_data": "",
    "consents.truthful": "",
    "at": marked("时间"),
    "channel": marked("方式"),
    "caller": marked("对方是谁"),
    "text": marked("内容"),
    "kind": marked("材料的种类"),
    "file": marked("文件"),
    "files": marked("文件"),
    "mobile": marked("手机号"),
    "code": marked("六位验证码"),
}
"""The name of every field; an empty one is called by the line of its row."""

_TYPED: Final[Mapping[str, str]] = {
    "required": marked("请填写%(field)s。"),
    "text_required": marked("请填写%(field)s。"),
    "blank": marked("请填写%(field)s。"),
    "too_long": marked("%(field)s最多 %(max)s 个字，请缩短。"),
    "not_a_date": marked("%(field)s请写成 2026-12-20 这样的形式。"),
    "money_form": marked("请填写%(field)s，例如 6200 或 6200.50。"),
    "money_decimals": marked("%(field)s最多到分，请保留两位小数。"),
    "number_form": marked("%(field)s请只填写数字，例如 3。"),
    "percent_typed": marked("请填写%(field)s，例如 3.60。"),
    "date_typed": marked("请填写%(field)s，例如 2026-12-15 或 12月15日。"),
    "time_typed": marked("请填写%(field)s，例如 2026-11-21 10:30。"),
    "date_in_future": marked("%(field)s不能晚于今天。"),
    "too_small": marked("%(field)s不能小于 %(least)s。"),
    "too_large": marked("%(field)s不能大于 %(most)s。"),
    "out_of_range": marked("%(field)s请填写 %(min)s 到 %(max)s 之间的数。"),
    "not_above_zero": marked("%(field)s要大于 0。"),
    "more_than_owed": marked("%(field)s超过了所欠的金额，最多 %(owed_fen)s。"),
    "text_too_long": marked("%(field)s最多 %(limit)s 个字，请缩短。"),
    "text_one_line": marked("%(field)s只能写一行，请去掉换行。"),
    "text_characters": marked("%(field)s含有无法显示的字符，请删去后重新输入。"),
    "unknown_choice": marked("请选择%(field)s。"),
    "evidence_not_listed": marked("授权书已经不在您的材料里，请重新选择，或先不选。"),
    "too_few": marked("请选择%(field)s，至少选一项。"),
    "beyond_five_years": marked("最后一次还款要在五年之内，不晚于 %(latest)s，请减少期数或提前首次还款日。"),
    "consent_missing_for_bank": marked("还缺少一项同意：把资料提供给%(bank)s。"),
    "card_characters": marked("%(field)s只能是数字，请核对。"),
    "card_length": marked("%(field)s应为 13 至 19 位数字，第一位不是 0，请核对。"),
    "luhn": marked("%(field)s可能有一位输错，请对照卡面再核对一遍；如果卡面上就是这样，请确认后继续。"),
}
_OF_PLACE: Final[Mapping[tuple[str, str], str]] = {
    ("file", "required"): marked("请选择文件。"),
    # Of a notice of holidays: a list of days is not one day, and a year not any number.
    ("year", "number_form"): marked("%(field)s请只填写数字，例如 2027。"),
    **dict.fromkeys(
        ((name, "date_typed") for name in ("published_on", "off", "work")),
        marked("%(field)s请填写真实的日期，例如 2026-12-15 或 12月15日。"),
    ),
    ("accounts", "required"): marked("请至少选一张卡，或填写一笔贷款。"),
    ("accounts.overdue_since", "date_typed"): marked("请填写%(field)s，例如 2026年6月 或 2026-06-15。"),
    ("loans.overdue_since", "date_typed"): marked("请填写%(field)s，例如 2026年6月 或 2026-06-15。"),
    ("hardship.since", "date_typed"): marked("请填写%(field)s，例如 2026年6月 或 2026-06-15。"),
    ("finances.income.amount_fen", "all_lines_empty"): marked("请至少填写一项收入；没有收入，请在“%(line)s”里填 0。"),
    ("finances.spending.amount_fen", "all_lines_empty"): marked("请至少填写一项支出；没有支出，请在“%(line)s”里填 0。"),
}
_CHOSEN: Final = frozenset(
    {
        "accounts.bank_code",
        "loans.creditor_code",
        "loans.other_creditor",
        "applicant.id_type",
        "option",
        "channel",
        "kind",
        "kinds",
        "hardship.reasons",
    }
)
_TICKED: Final = frozenset({"agreed", "sure", "erase", "accounts.take"})
_LINES: Final = {
    "finances.income": ("income", tuple(IncomeKind)),
    "finances.spending": ("spending", tuple(SpendingKind)),
}


@dataclass(frozen=True, slots=True)
class FormFields:
    """The fields of a form in its order, by place; `chosen` are picked from a list, `ticked` are a box each."""

    names: Mapping[str, str]
    chosen: frozenset[str] = frozenset()
    ticked: frozenset[str] = frozenset()


OF_CARDHOLDERS: Final = FormFields(NAMES, chosen=_CHOSEN, ticked=_TICKED)
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def fault_words(
    fault: Fault, fields: FormFields, bank_names: Mapping[str, str], card_names: Mapping[int, str] | None = None
) -> str:
    """What the fault says to a person: with the name of its field, its bank by name, its days as pages write them.

    `card_names` are what the page calls the cards of its rows; one without a name there is called by its number.
    """
    is_amount = fault.pointer.endswith("_fen")
    params: dict[str, str | int] = {
        # Money that is named as such is told in yuan with every sentence.
        name: value if name.endswith("_fen") else readable(value, is_amount=is_amount)
        for name, value in fault.params.items()
    }
    if fault.code == "not_for_this_kind":
        params["kind"] = word("plan", str(params["kind"]))
    if "bank_code" in params:
        params["bank"] = params["bank_code"] = _bank_name(str(params["bank_code"]), bank_names)
    params["line"] = _line_of(fault.pointer)
    name = _name_of(fault.pointer, fields, card_names or {})
    sentence = _sentence(fault, fields)
    if sentence is None or ("%(field)s" in sentence and not name):
        # A weekday in brackets needs no blank behind it, as a plain day does.
        return fault_text(fault.code, params).replace("） ", "）")
    sums = {each: yuan(int(value)) for each, value in fault.params.items() if each.endswith("_fen")}
    return translate(sentence, **{**params, **sums, "field": name}).replace("） ", "）")


def _sentence(fault: Fault, fields: FormFields) -> str | None:
    place, _ = _place(fault.pointer)
    if fault.code == "required" and place in fields.chosen:
        return _TYPED["unknown_choice"]
    if fault.code == "required" and place in fields.ticked:
        return marked("请勾选“%(field)s”。")
    return _OF_PLACE.get((place, fault.code)) or _TYPED.get(fault.code)


def _bank_name(code: str, bank_names: Mapping[str, str]) -> str:
    names = (name for known, name in bank_names.items() if same_bank(known, code))
    return next(names, translate("所选银行"))


def readable(value: str | int, *, is_amount: bool = False) -> str | int:
    """A parameter of a sentence as pages write it: days in words, amounts in yuan."""
    if isinstance(value, str):
        return day(value) if _ISO_DAY.fullmatch(value) else value
    return yuan(value) if is_amount else value


def _place(pointer: str) -> tuple[str, list[int]]:
    """The field's place without the numbers of rows, and those numbers."""
    parts = pointer.strip("/").split("/")
    numbers = [int(part) for part in parts if part.isdecimal()]
    named = [part for part in parts if not part.isdecimal()]
    return (named[0] if named and named[0] == "kinds" else ".".join(named)), numbers


def _line_of(pointer: str) -> str:
    """What the line of a month's money is called; empty elsewhere."""
    place, numbers = _place(pointer)
    line = _LINES.get(place.rpartition(".")[0])
    return word(line[0], line[1][numbers[0]]) if line and numbers and numbers[0] < len(line[1]) else ""


def _name_of(pointer: str, fields: FormFields, card_names: Mapping[int, str]) -> str:
    place, numbers = _place(pointer)
    if line := _line_of(pointer):
        return translate("每月的%(line)s", line=line)
    name = translate(fields.names[place]) if fields.names.get(place) else ""
    if name and place.startswith("loans.") and numbers:
        return translate("第 %(number)s 笔贷款的%(field)s", number=numbers[0] + 1, field=name)
    if name and place.startswith(("accounts.", "balances.")) and numbers and place != "accounts.take":
        if numbers[0] in card_names:
            return translate("%(card)s的%(field)s", card=card_names[numbers[0]], field=name)
        return translate("第 %(number)s 张卡的%(field)s", number=numbers[0] + 1, field=name)
    return name


def page_order(fault: Fault, fields: FormFields = OF_CARDHOLDERS) -> tuple[int, int, int]:
    """What sorts faults as their fields stand on the page; what concerns the whole comes first."""
    place, numbers = _place(fault.pointer)
    if not place:
        return -1, -1, 0
    order = {name: rank for rank, name in enumerate(fields.names)}
    last = len(order)
    group = min((rank for name, rank in order.items() if name.split(".")[0] == place.split(".")[0]), default=last)
    row = numbers[0] if numbers else -1
    if place.startswith("accounts"):
        return group, row, order.get(place, last)
    return order.get(place, group), row, 0
