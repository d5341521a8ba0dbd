"""Erasure as a person asks for it: what goes at once, what stays, why and until when (《个人信息保护法》 47)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hub.domain.errors import NegotiationOpen, NotFound
from hub.domain.lifecycle import OPEN, Status
from hub.domain.retention import Cause, DataClass, Extent, KeptFor, Periods
from hub.domain.service_request import RequestKind
from hub.services.accounts import cardholders, sign_in, subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications.drafts import take_back
from hub.services.applications.person_index import person_indexes
from hub.services.erasure import erasing, leftovers, retention
from hub.services.erasure.erasing import Leftovers
from hub.services.notifications import parting
from hub.services.referrals import referrals
from hub.services.requests import erasing as requests_erased
from hub.services.transaction import HubTransaction
from storage import (
    applications,
    bill_consents,
    bills,
    deductions,
    drafts,
    erasures,
    mandates,
    negotiation_locks,
    negotiations,
    request_erasing,
    service_requests,
)
from storage import erasing as rows
from storage import referrals as referral_rows
from storage.drafts import FORM_CLIENT
from storage.records import ApplicationRecord, NegotiationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Goes:
    """What goes: a class, of one negotiation where it is about one."""

    what: DataClass
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What stays of a negotiation, and why; `until` is None where nobody knows the day yet."""

    what: DataClass
    reference: str
    why: KeptFor
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person who wants to be erased is told. `open_references`: what has to be withdrawn first."""

    goes: tuple[Goes, ...]
    stays: tuple[Stays, ...]
    open_references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """By what the hub knows one person: keyed hashes, the names of sessions, numbers in clear.

    `clients`: through which ways in they came, all where it is None.
    """

    owners: tuple[bytes, ...] = ()
    mobiles: tuple[bytes, ...] = ()
    sessions: tuple[str, ...] = ()
    clients: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()
    known: frozenset[str] = field(default=frozenset(), repr=False)


# What is kept of a person beside negotiations.
_BESIDE = tuple(
    Goes(what=each)
    for each in (
        DataClass.UNSENT,
        DataClass.CHOICES,
        DataClass.BILLS,
        DataClass.REFERRALS,
        DataClass.MANDATES,
        DataClass.SIGN_IN,
    )
)
_OF_REQUESTS: Final[Mapping[str, DataClass]] = {
    RequestKind.REVOCATION: DataClass.REQUESTS,
    RequestKind.DEDUCTION: DataClass.REQUESTS,
    RequestKind.INSTALMENTS: DataClass.INSTALMENTS,
    RequestKind.APPOINTMENT: DataClass.APPOINTMENTS,
}


def plan_for(tx: HubTransaction, cardholder: Cardholder, periods: Periods) -> Answer:
    """What would go and what would stay if the signed-in person asked for it now; nothing is written."""
    person = Person(owners=_owners_of(tx, cardholder), clients=_clients_of(cardholder))
    return _answer(tx, cardholders.list_for(tx, cardholder), [person], periods)


def _owners_of(tx: HubTransaction, cardholder: Cardholder) -> tuple[bytes, ...]:
    return (*cardholder.owner_indexes, *subjects.of_cardholder(tx, cardholder).indexes)


def _clients_of(cardholder: Cardholder) -> tuple[str, ...]:
    return (cardholder.client_id or FORM_CLIENT,)


def erase_cardholder(tx: HubTransaction, cardholder: Cardholder, periods: Periods) -> Answer:
    """All that may go of the signed-in person is gone, and they are signed out; raises `NegotiationOpen`."""
    mine = cardholders.list_for(tx, cardholder)
    person = Person(
        owners=_owners_of(tx, cardholder),
        mobiles=cardholder.mobile_indexes,
        sessions=tuple(
            sign_in.session_owners(
                tx,
                client_id=cardholder.client_id,
                id_type=cardholder.id_type,
                id_number=cardholder.id_number,
                mobile=cardholder.mobile,
            )
        ),
        clients=_clients_of(cardholder),
        known=frozenset(filter(None, (cardholder.id_number, cardholder.mobile))),
    )
    return _erase(tx, mine, [person], periods, Cause.ASKED)


def erase_subject(tx: HubTransaction, client_id: str, subject: str, periods: Periods) -> Answer:
    """All that may go of the client's person is gone.

    Raises `NotFound` for a subject of which nothing of this client's is known, another client's alike, and
    `NegotiationOpen`.
    """
    indexes = tx.keyring.indexes(subject, purpose="subject")
    mine = negotiations.list_of_subject(tx, client_id, indexes)
    files = tuple(rows.list_unsent_files(tx, client_id, indexes))
    beside = (
        bills.list_of,
        bill_consents.list_of,
        mandates.list_of,
        deductions.list_of,
        service_requests.list_of_person,
        referral_rows.list_of,
    )
    if not mine and not files and not any(list_of(tx, indexes, client_id=client_id) for list_of in beside):
        raise NotFound
    people = [_person_of(tx, each, clients=(client_id,)) for each in _applications_of(tx, mine)]
    return _erase(
        tx,
        mine,
        [*people, Person(owners=tuple(indexes), clients=(client_id,), files=files, known=frozenset((subject,)))],
        periods,
        Cause.ASKED,
    )


def erase_by_letter(tx: HubTransaction, reference: str, periods: Periods) -> Answer:
    """All that may go of the person of that negotiation is gone, whichever way it came; raises `NegotiationOpen`.

    Whoever calls has made sure that the letter is the person's. Raises `NotFound`, `NegotiationErased`.
    """
    found = negotiations.find_negotiation(tx, reference)
    if found is None:
        raise NotFound
    negotiation_locks.require_kept(found)
    mine = negotiations.list_of_person(tx, person_indexes=[found.person_index], mobile_indexes=[])
    return _erase(tx, mine, people_of(tx, mine), periods, Cause.LETTER)


def _applications_of(tx: HubTransaction, mine: Sequence[NegotiationRecord]) -> list[ApplicationRecord]:
    ids = dict.fromkeys(each.application_id for each in mine if each.erased_at is None)
    return [tx.session.get_one(ApplicationRecord, each) for each in ids]


def _person_of(tx: HubTransaction, application: ApplicationRecord, *, clients: tuple[str, ...] | None) -> Person:
    applicant = applications.application_of(tx, application).applicant
    id_type, number, mobile = applicant.id_type, applicant.id_number, applicant.mobile
    made_by = negotiations.list_of_application(tx, application.id)
    ways = dict.fromkeys([*(clients or ()), *(each.launch_client_id or each.client_id for each in made_by), None])
    documents = [
        name
        for client_id in ways
        for name in sign_in.session_owners(tx, client_id=client_id, id_type=id_type, id_number=number, mobile=mobile)
    ]
    by_mobile = sign_in.session_owners(tx, client_id=None, id_type=None, id_number=None, mobile=mobile)
    mobiles = tuple(tx.keyring.indexes(mobile, purpose="mobile"))
    return Person(
        owners=(
            *person_indexes(tx, id_type, number),
            *mobiles,
            *tx.keyring.indexes(applicant.subject, purpose="subject"),
        ),
        mobiles=mobiles,
        sessions=(*documents, *by_mobile),
        clients=None if clients is None else (*clients, FORM_CLIENT),
        known=frozenset((number, mobile)),
    )


def _erase(
    tx: HubTransaction, mine: Sequence[NegotiationRecord], people: Sequence[Person], periods: Periods, cause: Cause
) -> Answer:
    held = [negotiation_locks.lock(tx, each.id) for each in sorted(mine, key=lambda row: row.id)]
    answer = _answer(tx, held, people, periods)
    if answer.open_references:
        raise NegotiationOpen(answer.open_references)
    whole = [each for each in held if each.erased_at is None]
    addressee = parting.addressee_of(tx, whole[-1]) if whole else None
    wanted = {(each.reference, each.what) for each in answer.goes}
    left = [
        erasing.erase(tx, each, extent, cause)
        for each in held
        for extent in Extent
        if (each.reference, erasing.class_of(each, extent)) in wanted
    ]
    for each in people:
        requests_erased.erase_of_person(tx, each.owners, each.clients, cause)
    leftovers.keep(tx, [*left, *(forget(tx, each) for each in people)])
    if addressee is not None:
        parting.tell(tx, whole[-1], addressee)
    return answer


def people_of(tx: HubTransaction, mine: Sequence[NegotiationRecord]) -> list[Person]:
    """By what the hub knows the people of these negotiations, whichever way they came."""
    return [_person_of(tx, each, clients=None) for each in _applications_of(tx, mine)]


def forget(tx: HubTransaction, person: Person) -> Leftovers:
    """What is kept of the person beside negotiations is gone; gives what is left to do."""
    names = [name for each in person.files for name in rows.remove_file(tx, each)]
    for draft in drafts.list_of(tx, person.owners, clients=person.clients):
        for file in drafts.body_of(tx, draft).get("evidence", []):
            names += take_back(tx, file["id"])
    referrals.end_for_erasure(tx, person.owners, clients=person.clients)
    rows.forget_person(tx, owners=person.owners, mobiles=person.mobiles, clients=person.clients)
    rows.end_sessions(tx, person.sessions)
    rows.drop_launches(tx, person.known)
    return Leftovers(store_names=names, ids=person.files)


def _answer(
    tx: HubTransaction, mine: Sequence[NegotiationRecord], people: Sequence[Person], periods: Periods
) -> Answer:
    over = [each for each in mine if each.erased_at is None and each.status not in OPEN]
    parts = [part for each in over for part in _parts(tx, each, periods)]
    return Answer(
        goes=(*(part for part in parts if isinstance(part, Goes)), *_requests_of(tx, people), *_BESIDE),
        stays=tuple(part for part in parts if isinstance(part, Stays)),
        open_references=tuple(each.reference for each in mine if each.status in OPEN),
    )


def _requests_of(tx: HubTransaction, people: Sequence[Person]) -> list[Goes]:
    found = {row.id: row for each in people for row in request_erasing.list_of(tx, each.owners, each.clients)}
    return [Goes(what=_OF_REQUESTS[row.kind], reference=row.reference) for row in found.values()]


def _parts(tx: HubTransaction, negotiation: NegotiationRecord, periods: Periods) -> Iterator[Goes | Stays]:
    reference = negotiation.reference
    kinds = {extent: erasing.class_of(negotiation, extent) for extent in Extent}
    if erasures.find_hold(tx, negotiation.id) is not None:
        for what in kinds.values():
            yield Stays(what=what, reference=reference, why=KeptFor.LEGAL_HOLD, until=None)
        return
    if negotiation.files_erased_at is None:
        yield Goes(what=kinds[Extent.FILES], reference=reference)
    if negotiation.status != Status.AGREED:
        yield Goes(what=kinds[Extent.WHOLE], reference=reference)
        return
    ended = retention.ended_at(tx, negotiation)
    if ended is None:
        yield Stays(what=DataClass.AGREEMENT, reference=reference, why=KeptFor.AGREEMENT_IN_FORCE, until=None)
        return
    until = ended + periods.of(DataClass.AGREEMENT)
    if until <= tx.now:
        yield Goes(what=DataClass.AGREEMENT, reference=reference)
    else:
        yield Stays(what=DataClass.AGREEMENT, reference=reference, why=KeptFor.RETENTION, until=until)
