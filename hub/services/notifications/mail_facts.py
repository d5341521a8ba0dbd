"""What a mail may say of one negotiation, read at the moment it is sent.

Names of a bank's people stand in mails to the bank alone; nothing of a cardholder stands in any.
"""

from datetime import timedelta
from typing import Any

from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.lifecycle import Status
from hub.domain.offer import OfferBy
from hub.mail.facts import Facts
from hub.mail.kinds import MailKind
from hub.services.notifications.case_lists import left_of, names_of, to_reader
from hub.services.notifications.overtaking import is_overtaken
from hub.services.transaction import HubTransaction
from storage import clocks, negotiations, offers
from storage.mails import Reader
from storage.records import AgreementRecord, MailRecord, NegotiationRecord, OfferRecord

_ONE_DAY = timedelta(days=1)
# The page that a mail leads to, where it is not that of the negotiation.
_OF_AN_OFFER = frozenset(
    {
        MailKind.REVIEW_WAITING,
        MailKind.NO_REVIEWER,
        MailKind.OFFER_RETURNED,
        MailKind.OFFER_SUPERSEDED,
        MailKind.OFFERED,
        MailKind.OFFER_ENDING,
    }
)
_OF_AN_AGREEMENT = frozenset(
    {
        MailKind.AGREED,
        MailKind.PAPER_READY,
        MailKind.PAYMENT_DUE,
        MailKind.PAYMENT_MISSED,
        MailKind.AGREEMENT_ENDED,
        MailKind.AMENDMENT_ANSWERED,
        MailKind.AMENDED,
        MailKind.AMENDMENT_LAPSED,
        MailKind.CLEARANCE_ISSUED,
    }
)


def facts_of_one(tx: HubTransaction, mail: MailRecord, bank: Bank) -> Facts:
    """What the mail says of its negotiation."""
    kind = MailKind(mail.kind)
    negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
    for_staff = mail.reader != Reader.CARDHOLDER
    references: tuple[tuple[str, str], ...] = ()
    path = f"/{'portal' if for_staff else 'my'}/negotiations/{negotiation.id}"
    if kind in _OF_AN_OFFER:
        path = f"{path}/offers/{mail.about_id}"
    if kind == MailKind.CONSENT_WITHDRAWN:
        path = f"{path}/rights"
    if kind == MailKind.MANY_REVEALS:
        path = f"{path}/readings"
    if kind in _OF_AN_AGREEMENT:
        path = f"{path}/agreement"
    if kind == MailKind.ERASED:
        path = "/my/"
    if kind == MailKind.RECEIVED:
        opened = negotiations.list_of_application(tx, negotiation.application_id)
        references = tuple((tx.bank(each.bank_code).name_zh, each.reference) for each in opened)
        path = path if len(opened) == 1 else "/my/"
    another_day = china_day(mail.not_before) < china_day(tx.now)
    return Facts(
        kind=kind,
        reference=negotiation.reference,
        references=references,
        bank_zh=bank.name_zh,
        bank_en=bank.name_en,
        # One mail about several speaks of banks and lenders alike.
        is_lender=len(references) < 2 and not bank.standing.is_bank,
        is_supervised_locally=bank.standing.is_supervised_locally,
        link=tx.public_url + path,
        deadline=mail.tells,
        meant_for=mail.not_before if another_day else None,
        overtaken=is_overtaken(tx, mail, kind),
        days_late=_days_late(tx, mail),
        provisional=_is_provisional(tx, mail),
        goes_on=kind == MailKind.OFFER_ENDING and _goes_on_without(tx, negotiation, mail.about_id),
        hotline=_one_line(bank.rules.hotline),
        complaint_channel=_one_line(bank.rules.complaint_channel),
        end_reason=_end_reason(tx, mail, kind),
        **(_of_bank(tx, mail, negotiation, bank) if for_staff else {"for_staff": False}),
    )


def _of_bank(tx: HubTransaction, mail: MailRecord, negotiation: NegotiationRecord, bank: Bank) -> dict[str, Any]:
    """What is said of it to the bank alone."""
    names = names_of(tx, negotiation)
    told = mail.tells
    return {
        "owner": names.owner,
        "lead": names.lead,
        "left": left_of(tx, told),
        "is_tomorrow": told is not None and china_day(told) - china_day(tx.now) == _ONE_DAY,
        **to_reader(tx, mail, bank),
    }


def _days_late(tx: HubTransaction, mail: MailRecord) -> int:
    if mail.tells is None or mail.tells >= tx.now:
        return 0
    return tx.calendar().working_days_between(china_day(mail.tells), china_day(tx.now))


def _is_provisional(tx: HubTransaction, mail: MailRecord) -> bool:
    if mail.tells is None or mail.tells <= tx.now:
        return False
    clock = None if mail.negotiation_id is None else clocks.find_running(tx, mail.negotiation_id)
    return clock is not None and clock.due_at == mail.tells and clock.provisional


def _goes_on_without(tx: HubTransaction, negotiation: NegotiationRecord, offer_id: str) -> bool:
    """Whether the negotiation outlives the offer: it is the bank's turn, or another offer stands longer."""
    offer = tx.session.get_one(OfferRecord, offer_id)
    others = [each for each in offers.list_open(tx, negotiation.id, OfferBy.BANK) if each.id != offer_id]
    ends = offer.valid_until
    return negotiation.status != Status.OFFERED or any(
        ends is not None and each.valid_until is not None and each.valid_until > ends for each in others
    )


def _end_reason(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> str:
    ended = tx.session.get(AgreementRecord, mail.about_id) if kind is MailKind.AGREEMENT_ENDED else None
    return "" if ended is None else ended.end_reason or ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
