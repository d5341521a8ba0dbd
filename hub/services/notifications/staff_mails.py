"""What a bank's people are told by themselves: planned once a bank and day, and taken apart at the sending."""

from datetime import date, datetime

from hub.domain.china import china_day
from hub.domain.reminders import digest_at, is_first_working_day
from hub.mail.kinds import MailKind
from hub.services.notifications.outbox import put
from hub.services.transaction import HubTransaction
from storage import mail_seals, mails, staff
from storage.mails import NewMail, Reader


def digest_key(bank_code: str, day: date) -> str:
    """What the list of the morning of that day is called in the outbox, but for whose it is."""
    return f"{MailKind.DAILY_DIGEST}:{bank_code}:{_step(day)}"


def _step(day: date) -> str:
    return f"{day:%Y%m%d}"


def banks_to_tell(tx: HubTransaction) -> list[tuple[str, datetime]]:
    """Codes of the banks whose list of this morning is due and not planned, with when it was due."""
    calendar, today = tx.calendar(), china_day(tx.now)
    at = digest_at(tx.now, calendar)
    if at is None or tx.now < at:
        return []
    return [(code, at) for code in mails.banks_without(tx, MailKind.DAILY_DIGEST, _step(today))]


def plan(tx: HubTransaction, bank_code: str, at: datetime) -> None:
    """The bank's list of the morning is in the outbox; on the first working day of a week its report too."""
    day = china_day(at)
    kinds = [MailKind.DAILY_DIGEST]
    if is_first_working_day(day, tx.calendar()):
        kinds.append(MailKind.WEEKLY_REPORT)
    put(
        tx,
        *(
            NewMail(
                key=f"{kind}:{bank_code}:{_step(day)}",
                kind=kind,
                reader=Reader.EVERYBODY,
                negotiation_id=None,
                bank_code=bank_code,
                about_id=bank_code,
                not_before=at,
            )
            for kind in kinds
        ),
    )


def bank_changed(tx: HubTransaction, bank_code: str, change_id: str) -> None:
    """The bank's administrators are told that settings of theirs were changed."""
    put(tx, _to_everybody(tx, MailKind.BANK_CHANGED, bank_code, change_id))


def bank_change_asked(tx: HubTransaction, bank_code: str, change_id: str) -> None:
    """Those who may confirm it are told that a change waits for one of them."""
    put(tx, _to_everybody(tx, MailKind.BANK_CHANGE_ASKED, bank_code, change_id))


def many_readings(tx: HubTransaction, bank_code: str, staff_id: str) -> None:
    """The bank's administrators are told, once a day, that this person read or took out very much in a short time."""
    put(tx, _to_everybody(tx, MailKind.MANY_READINGS, bank_code, staff_id, step=f":{_step(china_day(tx.now))}"))


def other_person(tx: HubTransaction, bank_code: str, staff_id: str) -> None:
    """The bank's administrators are told, once a day, that somebody else came with the address of this account."""
    put(tx, _to_everybody(tx, MailKind.OTHER_PERSON, bank_code, staff_id, step=f":{_step(china_day(tx.now))}"))


def _to_everybody(tx: HubTransaction, kind: MailKind, bank_code: str, about_id: str, *, step: str = "") -> NewMail:
    return NewMail(
        key=f"{kind}:{about_id}{step}",
        kind=kind,
        reader=Reader.EVERYBODY,
        negotiation_id=None,
        bank_code=bank_code,
        about_id=about_id,
        not_before=tx.now,
    )


def enrolment(tx: HubTransaction, staff_id: str, token: str, *, until: datetime) -> None:
    """The link with that token, good `until` then, goes to the person's address, and nobody else sees it.

    An earlier link that waits to be sent is not sent any more.
    """
    mail = _to_account(tx, staff_id, MailKind.ENROLMENT, tells=until)
    if mail is None:
        return
    put(tx, mail)
    for earlier in mails.waiting_to(tx, staff_id, MailKind.ENROLMENT):
        if earlier.key == mail.key:
            mail_seals.keep_token(tx, earlier, token)
        else:
            mails.settle(tx, earlier, mails.MailStatus.NOT_NEEDED, "overtaken")


def of_account(tx: HubTransaction, staff_id: str, kind: MailKind, *, at: datetime) -> None:
    """Somebody at a bank is told what happened to their account at `at`, of the real clock; operators get no mail."""
    mail = _to_account(tx, staff_id, kind, tells=at)
    if mail is not None:
        put(tx, mail)


def _to_account(tx: HubTransaction, staff_id: str, kind: MailKind, *, tells: datetime) -> NewMail | None:
    """A mail to somebody at a bank about their own account; None for an operator."""
    person = staff.find(tx, staff_id)
    if person is None or person.bank_code is None:
        return None
    return NewMail(
        key=f"{kind}:{staff_id}:{tells:%Y%m%dT%H%M%S%f}",
        kind=kind,
        reader=Reader.COLLEAGUE,
        negotiation_id=None,
        bank_code=person.bank_code,
        about_id=staff_id,
        staff_id=staff_id,
        tells=tells,
        not_before=tx.now,
    )
