"""The last thing a person is told: that they were erased. How to reach them is kept, sealed, until that is sent."""

from dataclasses import dataclass, field, replace
from typing import Final

from hub.domain.preferences import Language, NoticeChannel
from hub.mail.kinds import MailKind
from hub.services.accounts import preferences
from hub.services.notifications.outbox import put, to_cardholder
from hub.services.transaction import HubTransaction
from storage import mail_seals, mails
from storage.records import MailRecord, NegotiationRecord
from storage.submissions import submission_of

KIND: Final = MailKind.ERASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """How a person who is about to be erased is told of it; `email` is empty where none was given."""

    email: str = field(repr=False)
    mobile: str = field(repr=False)
    language: Language
    channels: frozenset[NoticeChannel]


def addressee_of(tx: HubTransaction, negotiation: NegotiationRecord) -> Addressee | None:
    """How the person of the negotiation, which is still whole, wants to be told; None: not at all."""
    applicant, chosen = submission_of(tx, negotiation).applicant, preferences.of_applicant(tx, negotiation)
    if chosen.is_quiet:
        return None
    return Addressee(
        email=applicant.email or "",
        mobile=applicant.mobile,
        language=chosen.language or Language.CHINESE,
        channels=chosen.channels(has_address=bool(applicant.email)),
    )


def tell(tx: HubTransaction, negotiation: NegotiationRecord, addressee: Addressee) -> None:
    """The person is told of the erasure in their hours; of each erasure once."""
    for channel in sorted(addressee.channels):
        step = f":{negotiation.log_length}:{channel}"
        mail = replace(to_cardholder(tx, negotiation, KIND, negotiation.id, step=step), channel=channel)
        put(tx, mail)
        record = mails.find_by_key(tx, mail.key)
        if record is not None:
            to = addressee.email if channel == NoticeChannel.MAIL else addressee.mobile
            mail_seals.keep_addressee(tx, record, to=to, language=addressee.language)


def address_of(tx: HubTransaction, mail: MailRecord) -> tuple[str, Language]:
    """Where to, and in which language of a text message; raises `LookupError` where that is gone."""
    kept = mail_seals.addressee_of(tx, mail)
    if kept is None:
        raise LookupError
    return kept[0], Language(kept[1])
