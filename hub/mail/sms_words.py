"""What text messages say: that something waits, and where to look.

Others see a phone's lock screen, so there is no bank, no sum, no debt and no name in them, and no way to sign in. The
last four digits of the reference tell apart what two banks cause in one second; no longer number stands there, since
phones offer runs of six digits as codes.
"""

from collections.abc import Mapping

from hub.domain.preferences import Language
from hub.mail.kinds import MailKind

WORDS: Mapping[MailKind, tuple[str, str]] = {
    MailKind.RETURNED: ("有一处要请您改一改", "one thing needs a correction"),
    MailKind.CORRECTION_ENDING: ("还等您改一处，日子快到了", "a correction is still open and ends soon"),
    MailKind.CORRECTION_LAPSED: ("已结束，您可以重新提交", "has ended; you can send it anew"),
    MailKind.DELIVERED: ("已送达，答复的日子写在页面上", "has arrived; the page says when to expect an answer"),
    MailKind.MESSAGE: ("有一条新消息", "there is a new message"),
    MailKind.ASKED: ("有一个问题想请您回答", "there is a question for you"),
    MailKind.FILES_UNREADABLE: ("有文件打不开，请换一份", "a file cannot be opened; please send another"),
    MailKind.DECISION_DEFERRED: ("定了新的答复日子", "there is a new day for the answer"),
    MailKind.CLAIM_TRANSFERRED: ("有一份通知请您看看", "there is a notice to read"),
    MailKind.ACCOUNT_PROPOSED: ("有一个问题想请您回答", "there is a question for you"),
    MailKind.OFFERED: ("有新的方案请您看看", "there is a new plan to look at"),
    MailKind.OFFER_ENDING: ("有一份方案两天内到期", "a plan ends within two days"),
    MailKind.OFFER_LAPSED: ("方案已到期，您可以重新提交", "the plan has ended; you can apply anew"),
    MailKind.REFUSED: ("有了答复", "there is an answer"),
    MailKind.COUNTER_REFUSED: ("有了答复", "there is an answer"),
    MailKind.LATE: ("还没有等到答复，我们已经催办", "no answer yet; we have asked again"),
    MailKind.PAPER_READY: ("文件做好了，可以下载", "your paper can be downloaded"),
    MailKind.PAYMENT_DUE: ("约定的日子三天内就到", "a day that was agreed comes within three days"),
    MailKind.PAYMENT_MISSED: ("有一件事想与您核对", "there is something to check with you"),
    MailKind.AGREEMENT_ENDED: ("有一份通知请您看看", "there is a notice to read"),
    MailKind.AMENDMENT_ANSWERED: ("您提的调整有了答复", "your request for a change was answered"),
    MailKind.AMENDED: ("调整已经生效", "the change is in force"),
    MailKind.AMENDMENT_LAPSED: ("您提的调整已经过期", "your request for a change has ended"),
    MailKind.COLLECTION_ANSWERED: ("您反映的情况有了答复", "what you reported was answered"),
    MailKind.CREDIT_NOTE_ANSWERED: ("您请核对的事有了答复", "what you asked to check was answered"),
    MailKind.CONSENT_WITHDRAWN: ("撤回已经生效", "what you took back is in force"),
    MailKind.ERASED: ("资料已按您的要求删除", "your data was erased as you asked"),
    MailKind.CLEARANCE_ISSUED: ("有一份证明可以下载", "a certificate can be downloaded"),
}
"""By kind, in Chinese and in English. What is not in here is told by mail alone, since nothing has to be done."""


WORDS_BESIDE: Mapping[MailKind, str] = {
    MailKind.BILL_DUE: "有一笔到期提醒",
    MailKind.BILL_DUE_TODAY: "今天有一笔到期提醒",
    MailKind.BILL_CHANGED: "有一笔提醒有变化",
    MailKind.MANDATE_RECORDED: "您登记的一项授权已经记下",
    MailKind.DEDUCTION_AHEAD: "三天内有一件登记过的事",
    MailKind.REVOCATION_DELIVERED: "撤回通知已经送达",
    MailKind.REVOCATION_CONFIRMED: "撤回已经得到确认",
    MailKind.REVOCATION_REFUSED: "撤回有了答复",
    MailKind.REVOCATION_LATE: "撤回还没有等到答复",
    MailKind.DEDUCTION_NOTED: "您反映的情况已经记下",
    MailKind.APPOINTMENT_CONFIRMED: "您的预约已经确认",
    MailKind.APPOINTMENT_MOVED: "您的预约想改个时间，请您看看",
    MailKind.APPOINTMENT_TOMORROW: "您明天有一个预约",
    MailKind.APPOINTMENT_CANCELLED: "您的预约已经取消",
    MailKind.VISIT_REPORT_READY: "您的预约有了记录",
    MailKind.PASS_CODE_WRONG: "有人报错了预约的口令，请先不要办理",
}
"""Of bills, authorisations to deduct and appointments, which are of no negotiation."""


def words_beside(kind: MailKind, *, link: str) -> str:
    """The whole message about such a thing; raises `KeyError` for a kind that has no words."""
    return f"{WORDS_BESIDE[kind]}。请登录查看：{link}"


def request_words(*, link: str) -> str:
    """The whole message about a request beside a negotiation, whatever happened to it."""
    return f"您办理的事项有新进展。请登录查看：{link}"


def words_of(kind: MailKind, *, reference: str, link: str, language: Language) -> str:
    """The whole message; raises `KeyError` for a kind that has no words."""
    zh, en = WORDS[kind]
    last4 = reference[-4:]
    if language is Language.ENGLISH:
        return f"Your request ({last4}): {en}. {link}"
    return f"您的协商（末尾 {last4}）{zh}。请登录查看：{link}"
