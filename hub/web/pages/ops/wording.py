"""What the machine says, in the words of whoever looks after it: reasons of failures, settings, ways to banks."""

import re
from collections.abc import Callable, Mapping

from hub.domain.agreement_clauses import VOID_AFTER_MISSED_MARK
from hub.domain.bank import Bank
from hub.domain.bank_settings import duration
from hub.services.operating.audit_details import settings_in
from hub.services.operating.banks import list_all
from hub.services.operating.setting_names import SETTING_NAMES
from hub.services.transaction import HubTransaction
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import yuan
from hub.web.pages.translation import page_language, translate

_ADAPTERS: Mapping[str, str] = {
    "portal": marked("本平台的银行工作台"),
    "email": marked("邮件"),
    "webhook": marked("HTTPS 接口"),
    "unionpay": marked("银联式报文"),
    "sftp": marked("SFTP 文件"),
}
# What errors of adapters and mail servers say, which is English for the log; the first that fits speaks.
_REASONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"^restored from a backup", marked("恢复之后扣住：可能已经发过。")),
        (r"text message gateway", marked("短信网关没有接收。")),
        (r"^410\b", marked("对方说这里不再接收（410）。")),
        (r"^(?:HTTP )?(?P<code>[1-5]\d\d)\b", marked("对方答复 %(code)s，没有接收。")),
        (r"^respCode (?P<code>\w{1,4})", marked("对方答复 respCode %(code)s，没有接收。")),
        (r"in time|timed out|TimeoutError", marked("对方没有按时答复。")),
        (r"cannot be resolved", marked("找不到对方的域名，请核对地址。")),
        (r"private address", marked("对方是内网地址，不在 HUB_ALLOWED_HOSTS 之列。")),
        (r"another host key|no host key", marked("对方服务器的公钥与设置不符。")),
        (r"private key", marked("平台的私钥无法使用，请核对设置。")),
        (r"certificate|SSL", marked("对方的证书无效。")),
        (r"refused|unreachable|ConnectTimeout|NewConnection", marked("连不上对方。")),
        (r"desk_email|not an address", marked("受理邮箱不能使用，请核对 desk_email。")),
        (r"mail server|SMTP|mailbox", marked("邮件服务器没有接收。")),
        (r"left", marked("收件人已离开。")),
        (r"cannot be written", marked("邮件无法生成，请查看日志。")),
        (r"enclosure|damaged", marked("附件无法读取，请运行 hub check --all。")),
        (r"withdrawn", marked("其中一条已撤回，会重新组批。")),
        (r"^the answer", marked("对方的答复不合约定。")),
    )
)
_OTHER = marked("对方没有接收，详情见日志和 hub delivery list。")


def reason_of(detail: str) -> str:
    """Why something failed, in the language of the page; empty where nothing is known yet."""
    if not detail or page_language() == "en":
        return detail
    for pattern, sentence in _REASONS:
        found = pattern.search(detail)
        if found is not None:
            return translate(sentence, **found.groupdict()) if found.groupdict() else translate(sentence)
    return translate(_OTHER)


def adapter_name(kind: str) -> str:
    """What the way to a bank is called; a kind that is none of ours by its own name."""
    return translate(_ADAPTERS[kind]) if kind in _ADAPTERS else kind


def setting_name(key: str) -> str:
    """What people call the setting; empty for an adapter's own."""
    return translate(SETTING_NAMES[key]) if key in SETTING_NAMES else ""


def setting_text(name: str, text: str, bank: Bank) -> str:
    """The value of a bank's setting as people write it: yuan, yes or no, days; a clause as it will be signed."""
    if name == "default_clause":
        return text.replace(VOID_AFTER_MISSED_MARK, str(bank.rules.void_after_missed))
    if name.endswith("_fen") and text.isdecimal():
        return yuan(int(text))
    if text.lower() in ("true", "false"):
        return translate("是") if text.lower() == "true" else translate("否")
    if name == "services":
        return services_text(text)
    if name == "give_up_after":
        return _length(text)
    return text


def services_text(text: str) -> str:
    """The services of a list as people read them."""
    return translate("、").join(word("service", each) for each in re.split(r"[\s,，、]+", text) if each)


def settings_in_words(text: str, spelt: Callable[[str, str], str] = lambda _name, value: value) -> str:
    """What the audit keeps of settings before or after a change, by their names on pages."""
    return translate("；").join(
        translate("%(what)s：%(why)s", what=setting_name(name), why=spelt(name, value)) if name else value
        for name, value in settings_in(text)
    )


def _length(text: str) -> str:
    minutes = round(duration(text).total_seconds() / 60)
    for size, words in ((1440, marked("%(n)s 天")), (60, marked("%(n)s 小时")), (1, marked("%(n)s 分钟"))):
        if minutes % size == 0:
            return translate(words, n=minutes // size)
    return text


def bank_names(tx: HubTransaction) -> dict[str, str]:
    """Every bank's name in the language of the page, by its code."""
    english = page_language() == "en"
    return {bank.code: bank.name_en if english else bank.name_zh for bank in list_all(tx)}
