"""Mails to several of a bank's people, taken apart at the sending into one for each who is there then."""

from collections.abc import Iterable

from hub.domain.approval import has_turn, next_level
from hub.domain.offer import OfferStatus
from hub.domain.staff import Role
from hub.mail.kinds import OF_AN_OWNER, MailKind
from hub.services.negotiations import approvals
from hub.services.notifications.colleagues import Colleagues, colleagues
from hub.services.notifications.outbox import put
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction
from storage import mails, offers, staff
from storage.mails import MailStatus, NewMail, Reader
from storage.records import MailRecord, NegotiationRecord, OfferRecord, StaffRecord


def take_apart(tx: HubTransaction, mail: MailRecord) -> None:
    """Each reader of the mail has one of their own, and nobody two; one to the desk stays, beside its owner's."""
    match Reader(mail.reader):
        case Reader.DESK if mail.kind in OF_AN_OWNER:
            _to_those_of_the_case(tx, mail)
        case Reader.APPROVERS:
            _to_approvers(tx, mail)
        case Reader.SUPERVISORS:
            _to_all(tx, mail, colleagues(tx, mail.bank_code).of_role(Role.SUPERVISOR), "supervisor")
        case Reader.MANAGERS:
            _to_all(tx, mail, colleagues(tx, mail.bank_code).managers, "manager")
        case Reader.EVERYBODY:
            _to_all(tx, mail, _concerned(colleagues(tx, mail.bank_code), MailKind(mail.kind)), "person concerned")


def _concerned(people: Colleagues, kind: MailKind) -> list[StaffRecord]:
    if kind == MailKind.WEEKLY_REPORT:
        return people.of_role(Role.SUPERVISOR, Role.BANK_ADMIN)
    if kind in (MailKind.BANK_CHANGED, MailKind.MANY_READINGS, MailKind.OTHER_PERSON):
        return people.of_role(Role.BANK_ADMIN)
    if kind == MailKind.BANK_CHANGE_ASKED:
        return people.of_role(Role.SUPERVISOR, Role.BANK_ADMIN)
    return people.of_role(Role.REVIEWER, Role.SUPERVISOR, Role.BANK_ADMIN)


def _to_those_of_the_case(tx: HubTransaction, mail: MailRecord) -> None:
    """The owner is told too, and of a breach those who lead."""
    people = colleagues(tx, mail.bank_code)
    negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
    owner = people.owner(negotiation)
    readers = [] if owner is None else [owner]
    if mail.kind == MailKind.BREACHED:
        readers += [each for each in people.leads(owner) if each is not owner]
    put(tx, *(_to_one(mail, each, mail.key) for each in readers))


def _to_all(tx: HubTransaction, mail: MailRecord, readers: Iterable[StaffRecord], what: str) -> None:
    found = list(readers)
    put(tx, *(_to_one(mail, each, mail.key) for each in found))
    mails.settle(tx, mail, MailStatus.NOT_NEEDED, f"one mail to each {what}" if found else f"no {what}")


def _to_approvers(tx: HubTransaction, mail: MailRecord) -> None:
    offer = tx.session.get_one(OfferRecord, mail.about_id)
    levels = offers.approvals_of(offer)
    place = next_level(levels)
    if offer.status != OfferStatus.AWAITING_APPROVAL or place is None or mail.negotiation_id is None:
        mails.settle(tx, mail, MailStatus.NOT_NEEDED, "overtaken")
        return
    people = colleagues(tx, mail.bank_code)
    # Nobody is asked to look over an offer of their own, or one that they have approved at another level.
    asked = [
        each
        for each in people.people
        if has_turn(levels, person=staff.actor_of(each), role=Role(each.role), maker=offer.made_by)
    ]
    # By the level whose turn it is, so that a mail of the level before, taken apart late, asks nobody twice.
    of_level = f"{MailKind.REVIEW_WAITING}:{offer.id}:{place}"
    put(tx, *(_to_one(mail, each, of_level) for each in asked))
    mails.settle(tx, mail, MailStatus.NOT_NEEDED, "one mail to each who may approve" if asked else "nobody may approve")
    if approvals.missing_roles(tx, offer):
        admins = [each for each in people.of_role(Role.BANK_ADMIN) if staff.actor_of(each) != offer.made_by]
        of_offer = f"{MailKind.NO_REVIEWER}:{offer.id}"
        put(tx, *(_to_one(mail, each, of_offer, MailKind.NO_REVIEWER) for each in admins))
        operator_tasks.no_reviewer(tx, mail.negotiation_id, bank_code=mail.bank_code, offer_id=offer.id)


def _to_one(mail: MailRecord, person: StaffRecord, key: str, kind: MailKind | None = None) -> NewMail:
    return NewMail(
        key=f"{key}:{person.id}",
        kind=kind or MailKind(mail.kind),
        reader=Reader.COLLEAGUE,
        staff_id=person.id,
        negotiation_id=mail.negotiation_id,
        bank_code=mail.bank_code,
        about_id=mail.about_id,
        tells=mail.tells,
        not_before=mail.not_before,
    )
