"""Mails about no negotiation, of what a person keeps beside them: by kind, who knows whether, where to and what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.mail.facts import Facts
from hub.mail.kinds import OF_A_BILL, OF_A_MANDATE, OF_A_REFERRAL, OF_AN_APPOINTMENT, MailKind
from hub.services.notifications import appointment_mails, bill_mails, mandate_mails, referral_mails
from hub.services.notifications.mail_outcome import Settled
from hub.services.transaction import HubTransaction
from storage.records import MailRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Whether such a mail still matters, where it goes, and what it or the text message says."""

    still_matters: Callable[[HubTransaction, MailRecord], bool]
    address_of: Callable[[HubTransaction, MailRecord], str | Settled]
    facts_of: Callable[[HubTransaction, MailRecord], Facts]
    # None where none is sent.
    text_of: Callable[[HubTransaction, MailRecord], str] | None = None


_OF_BILLS: Final = Teller(
    still_matters=bill_mails.still_matters,
    address_of=bill_mails.address_of,
    facts_of=bill_mails.facts_of,
    text_of=bill_mails.text_of,
)
_OF_APPOINTMENTS: Final = Teller(
    still_matters=appointment_mails.still_matters,
    address_of=appointment_mails.address_of,
    facts_of=appointment_mails.facts_of,
    text_of=appointment_mails.text_of,
)
_OF_MANDATES: Final = Teller(
    still_matters=mandate_mails.still_matters,
    address_of=mandate_mails.address_of,
    facts_of=mandate_mails.facts_of,
    text_of=mandate_mails.text_of,
)
_OF_REFERRALS: Final = Teller(
    still_matters=referral_mails.still_matters,
    address_of=referral_mails.address_of,
    facts_of=referral_mails.facts_of,
)
TELLERS: Final[Mapping[MailKind, Teller]] = {
    **dict.fromkeys(OF_A_BILL, _OF_BILLS),
    **dict.fromkeys(OF_AN_APPOINTMENT, _OF_APPOINTMENTS),
    **dict.fromkeys(OF_A_MANDATE, _OF_MANDATES),
    **dict.fromkeys(OF_A_REFERRAL, _OF_REFERRALS),
}
