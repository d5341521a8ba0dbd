"""One mail to the hub's operators for all tasks that came up since the last: what they are about, and where to look.

No fact of a person is in it: a kind of task, a bank, a reference.
"""

import logging
from collections.abc import Mapping, Sequence

from hub.domain.actor import HUB
from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.operator_task import Task, TaskKind
from hub.mail.message import Envelope, Letter, domain_of, message_of
from hub.mail.senders import MailSender, Unreachable
from hub.services.transaction import HubTransaction, Transactions
from storage import tasks

_log = logging.getLogger(__name__)

# So many are listed in one mail; the rest is counted.
MOST_LISTED = 30
_TITLES: Mapping[str, tuple[str, str]] = {
    TaskKind.UNDELIVERABLE: ("送达已放弃", "a message was given up"),
    TaskKind.BOUNCED: ("发给银行的邮件被退回", "a mail to a bank came back"),
    TaskKind.LINE_CLOSED: ("银行系统连续没有接收", "a bank's system does not answer"),
    TaskKind.HELD_UP: ("消息一小时以上没有送达", "messages have failed for an hour or longer"),
    TaskKind.CLIENT_NOT_TOLD: ("接入方没有接收通知", "a host app could not be told of a change"),
    TaskKind.SILENT: ("银行系统收到后没有回传", "a bank's system said nothing after it had the message"),
    TaskKind.NOT_KNOWN_TO_BANK: ("银行系统说没有这条消息", "a bank's system does not know a message"),
    TaskKind.ANSWER_IN_DANGER: ("快到答复期限", "an answer is due soon"),
    TaskKind.FILE_DAMAGED: ("文件丢失或损坏", "a stored file is lost or damaged"),
    TaskKind.RESPONSE_WRONG: ("银行的回传文件前后不符", "a bank's response file does not agree with itself"),
    TaskKind.NOT_COLLECTED: ("取不到银行的回传文件", "a bank's response files cannot be picked up"),
    TaskKind.HOST_NOT_TRUSTED: ("银行服务器的公钥与设置不符", "a bank's server has another key than was agreed"),
    TaskKind.NOT_JUDGED: ("文件等待检查过久", "files wait too long to be checked"),
    TaskKind.LOG_UNSIGNED: ("日志首部没有按时签署", "heads of the log are not signed in time"),
    TaskKind.PAPER_UNSTAMPED: ("文件没有加盖时间戳", "a paper has no time stamp"),
    TaskKind.SEAL_ENDS: ("平台签章证书快要到期", "the certificate of the hub's seal ends"),
    TaskKind.INFECTED: ("病毒扫描发现了带病毒的文件", "the virus scanner knows what is in a file"),
    TaskKind.NOT_SCANNED: ("病毒扫描没有查完一个文件", "a limit of the virus scanner's is too low for a file"),
    TaskKind.SCANNER_AWAY: ("病毒扫描没有应答", "the virus scanner does not answer"),
    TaskKind.SIGNATURES_OLD: ("病毒库很久没有更新", "the virus scanner's signatures are old"),
    TaskKind.RESTORED: ("平台已从备份恢复", "the hub was restored from a backup"),
    TaskKind.COLLECTED_ALTHOUGH_AGREED: ("协议生效后仍被催收", "somebody was collected from although agreed"),
    TaskKind.MANY_CASES_READ: (
        "有人短时间内查看或导出了很多案件",
        "somebody read or took very many cases in a short time",
    ),
    TaskKind.MANY_FILES_READ: ("有人短时间内查看了很多材料", "somebody read very many files in a short time"),
    TaskKind.NO_REVIEWER: ("方案没有人可以复核", "an offer waits, and too few people may approve it"),
    TaskKind.HOLD_NOT_CONFIRMED: ("停止催收还没有得到确认", "it is not confirmed that collection stopped"),
    TaskKind.CLEARANCE_LATE: ("结清证明逾期没有出具", "a certificate of settlement is late"),
    TaskKind.CODES_GUESSED: ("确认码被反复猜测", "confirmation codes were tried too often"),
    TaskKind.IDENTITY_FAILED_AT_VISIT: ("见面时身份没有核对上", "an identity did not match at a meeting"),
    TaskKind.VISIT_NOT_REPORTED: ("见面当天没有记录", "a meeting was not reported the same day"),
    TaskKind.VISIT_MISSED: ("银行没有赴约", "nobody of the bank came to a meeting"),
    TaskKind.VISIT_TROUBLE: ("有人反映见面中的问题", "somebody reports trouble at a meeting"),
}


def tell(transactions: Transactions, sender: MailSender, addresses: Sequence[str]) -> int:
    """The operators at `addresses` were mailed of every task that they had not heard of; gives how many tasks.

    Where the mail server takes nothing now, or nobody's mailbox does, the next call tells of the same.
    """
    if not addresses:
        return 0
    with transactions.reading(HUB) as tx:
        untold = tasks.list_untold(tx, limit=500)
        if not untold:
            return 0
        letter, at = _letter(tx, untold), tx.now
        domain = domain_of(tx.public_url)
    envelopes = [
        Envelope(sender=sender.address, to=address, at=at, message_id=f"<operator-{untold[-1].id}-{place}@{domain}>")
        for place, address in enumerate(addresses)
    ]
    try:
        is_settled = _send_each(sender, letter, envelopes)
    except TryAgain as error:
        _log.warning("operators not mailed yet", extra={"detail": error.detail, "tasks": len(untold)})
        return 0
    if not is_settled:
        return 0
    with transactions.writing(HUB) as tx:
        tasks.mark_notified(tx, [task.id for task in untold])
    return len(untold)


def _send_each(sender: MailSender, letter: Letter, envelopes: Sequence[Envelope]) -> bool:
    """Whether one of the operators has heard, or none of them ever will; one mailbox holds up no other.

    Raises `TryAgain` where the mail server takes nothing at all.
    """
    heard = waiting = 0
    with sender.opened() as outlet:
        for place, envelope in enumerate(envelopes):
            # Which of the addresses it is; the address itself is not for the log.
            number = place + 1
            try:
                outlet.send(message_of(letter, envelope))
                heard += 1
            except Unreachable:
                raise
            except TryAgain as error:
                waiting += 1
                _log.warning("an operator is not mailed yet", extra={"detail": error.detail, "number": number})
            except RefusedForGood as error:
                _log.error(
                    "an operator cannot be mailed: check HUB_OPERATOR_EMAIL",
                    extra={"detail": error.detail, "number": number},
                )
    # Who has heard is not told the same each minute because another's mailbox is full.
    return heard > 0 or not waiting


def _letter(tx: HubTransaction, untold: Sequence[Task]) -> Letter:
    number = len(untold)
    lines = tuple(_line(tx, task) for task in untold[:MOST_LISTED])
    rest = number - len(lines)
    kinds = {_TITLES[task.kind][1] for task in untold if task.kind in _TITLES}
    return Letter(
        subject=f"有 {number} 件事需要处理",
        preheader="请打开运营页面查看。",
        bar="协商还款 · 运营",
        bank="",
        heading=f"有 {number} 件事需要处理",
        paragraphs=("下面的事平台自己解决不了，请查看。", *((f"另有 {rest} 件没有列出。",) if rest else ())),
        facts=lines,
        english=f"{number} matter{'s' if number > 1 else ''} to look into: {'; '.join(sorted(kinds))}.",
        button="打开待办",
        link=f"{tx.public_url}/ops/tasks",
        footer=("这封邮件发给平台的运营人员，地址由 HUB_OPERATOR_EMAIL 设定。",),
        for_staff=True,
    )


def _line(tx: HubTransaction, task: Task) -> tuple[str, str]:
    about = [tx.bank(task.bank_code).name_zh] if task.bank_code else []
    about += [task.reference] if task.reference else []
    return _TITLES.get(task.kind, ("待办", ""))[0], " ".join(about) or "平台"
