"""What is told of a referral: that the lender answered, and where to look. It names no lender, bank, sum or card."""

from hub.domain.referral import ReferralStatus
from hub.mail.facts import Facts
from hub.mail.kinds import MailKind
from hub.services.notifications.mail_outcome import Settled
from hub.services.transaction import HubTransaction
from storage import referrals
from storage.mails import MailStatus
from storage.records import MailRecord

_NOT_WANTED = Settled(status=MailStatus.NOT_NEEDED, detail="no e-mail address was given")
_ANSWERED = (ReferralStatus.CONTRACTED, ReferralStatus.DECLINED)


def still_matters(tx: HubTransaction, mail: MailRecord) -> bool:
    """Whether the referral is still there, and answered."""
    record = referrals.find(tx, mail.about_id)
    return record is not None and record.status in _ANSWERED


def address_of(tx: HubTransaction, mail: MailRecord) -> str | Settled:
    """Where the person wanted to be told when they consented."""
    record = referrals.find(tx, mail.about_id)
    named = None if record is None else referrals.consent_of(tx, record)
    return _NOT_WANTED if named is None or named.email is None else named.email


def facts_of(tx: HubTransaction, mail: MailRecord) -> Facts:
    """What the mail says: the page to look at."""
    return Facts(
        kind=MailKind(mail.kind),
        reference="",
        bank_zh="",
        bank_en="",
        link=f"{tx.public_url}/my/referrals/{mail.about_id}",
        for_staff=False,
    )
