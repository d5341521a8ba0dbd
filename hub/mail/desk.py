"""The mail that is itself the way to a bank: a message to its desk, told in the words of every other mail to staff."""

import json
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from hub.banks.port import Bundle, Message
from hub.domain.bank import Bank
from hub.domain.delivery import MessageKind
from hub.domain.errors import RefusedForGood
from hub.mail.facts import Facts
from hub.mail.kinds import MailKind
from hub.mail.message import Envelope, domain_of, letter, message_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who the hub is in its mails: its address, and where its pages are."""

    address: str
    public_url: str


def _kind_of(message: Message) -> MailKind:
    if message.request:
        return MailKind.REQUEST_ARRIVED
    if message.kind == MessageKind.MESSAGE and "declined_offer" in json.loads(message.body):
        return MailKind.ARRIVED_DECLINED
    return MailKind(f"arrived_{message.kind.value.rpartition('.')[2]}")


def _page_of(message: Message) -> str:
    return f"requests/{message.request}" if message.request else f"negotiations/{message.negotiation}"


def desk_mail(message: Message, bank: Bank, bundle: Bundle | None, *, sender: Sender, at: datetime) -> EmailMessage:
    """The mail about `message`, ready to be sent, with the bundle enclosed under the message's reference.

    Its Message-ID is made of the message's id alone. Raises `RefusedForGood` where the bank's desk cannot be addressed.
    """
    facts = Facts(
        kind=_kind_of(message),
        reference=message.reference,
        bank_zh=bank.name_zh,
        bank_en=bank.name_en,
        # A test is of no case, so there is none to open.
        link=f"{sender.public_url}/portal/" + ("" if message.is_test else _page_of(message)),
        for_staff=True,
        deadline=message.due_at,
        is_test=message.is_test,
        enclosed=bundle is not None and bundle.content is not None,
        left_out=0 if bundle is None else bundle.left_out,
    )
    envelope = Envelope(
        sender=sender.address,
        to=bank.rules.desk_email,
        at=at,
        message_id=f"<{message.id}@{domain_of(sender.public_url)}>",
    )
    try:
        mail = message_of(letter(facts), envelope)
    except ValueError as error:
        raise RefusedForGood("the bank's desk_email is not an address that mail can be sent to") from error
    # For the rules of the bank's own mailbox.
    mail["X-Request" if message.request else "X-Negotiation"] = message.request or message.negotiation
    mail["X-Negotiation-Message"] = message.kind.value
    if bundle is not None and bundle.content is not None:
        name = f"{message.reference}.pdf"
        mail.add_attachment(bundle.content, maintype="application", subtype="pdf", filename=name)
    return mail
