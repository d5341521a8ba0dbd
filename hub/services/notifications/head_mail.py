"""A mail a day to each bank's desk with the newest signed head of the log, to be kept where the hub cannot reach it.

It asks for nothing else and holds nothing of any person. One that does not arrive is no loss: the next day's head
covers all that this one did.
"""

import json
import logging
from datetime import datetime
from email.message import EmailMessage

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.log_heads import Head
from hub.mail.message import Envelope, Letter, domain_of, message_of, when
from hub.mail.senders import MailSender
from hub.services.log_heads import signing
from hub.services.transaction import Transactions
from storage import banks

_log = logging.getLogger(__name__)


def tell(transactions: Transactions, sender: MailSender) -> int:
    """Each bank's desk was mailed the newest head; gives how many were."""
    with transactions.reading(HUB) as tx:
        head, at = signing.newest(tx), tx.now
        desks = [bank for bank in banks.list_banks(tx) if bank.rules.desk_email]
        public_url = tx.public_url
    if head is None or not desks:
        return 0
    told = 0
    try:
        with sender.opened() as outlet:
            for bank in desks:
                envelope = Envelope(
                    sender=sender.address,
                    to=bank.rules.desk_email,
                    at=at,
                    message_id=f"<log-head-{head.number}-{bank.code}-{at:%Y%m%d}@{domain_of(public_url)}>",
                )
                try:
                    outlet.send(_message(head, bank, envelope, public_url))
                    told += 1
                except (RefusedForGood, ValueError):
                    _log.warning("a desk cannot be mailed: check desk_email", extra={"bank": bank.code})
    except TryAgain as error:
        _log.warning("desks not mailed the head of the log", extra={"detail": error.detail})
    return told


def _message(head: Head, bank: Bank, envelope: Envelope, public_url: str) -> EmailMessage:
    message = message_of(_letter(head, bank, public_url), envelope)
    name = f"log-head-{head.number}.json"
    message.add_attachment(json.dumps(head.whole).encode(), maintype="application", subtype="json", filename=name)
    return message


def _letter(head: Head, bank: Bank, public_url: str) -> Letter:
    return Letter(
        subject=f"请保存：日志首部第 {head.number} 号",
        preheader="只需保存，不用处理。",
        bar="协商还款 · 工作台",
        bank=bank.name_zh,
        heading=f"请保存日志首部第 {head.number} 号",
        paragraphs=(
            "附件是平台对全部往来记录的签名，不含任何客户的信息。请把这封邮件存档，不用处理，也不用回复。",
            "以后对记录有疑问时，用它可以查明记录在此之后有没有被改动、删除或者重写，平台自己也改不了。",
            # Some archives keep the words of a mail alone: these are enough to verify with.
            f"首部全文，与附件相同：{json.dumps(head.whole)}",
        ),
        facts=(("号码", str(head.number)), ("签署时间", when(datetime.fromisoformat(head.at)))),
        english=(
            f"Please keep this mail: head {head.number} of the hub's log is enclosed. It holds nothing of any person. "
            "With it you can show later whether any record that it covers was changed. There is nothing to do."
        ),
        button="打开工作台",
        link=f"{public_url}/portal/",
        footer=("这封邮件每天发给银行的公用邮箱。",),
        for_staff=True,
    )
