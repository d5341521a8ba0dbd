"""The person whose things they are that belong to no negotiation: bills, and what comes beside them.

A host app names its person by its own word for them, and so does who it sends over; who came by text message is known
by the mobile. What is kept for them is found by keyed hashes of that alone, within the way in by which they came.
"""

from dataclasses import dataclass

from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder
from hub.services.transaction import HubTransaction
from storage import negotiations
from storage.drafts import FORM_CLIENT
from storage.records import NegotiationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One person of one way in. `indexes`: the keyed hashes that find what is theirs, that of the newest key first.

    `cardholder` is the session, of one who is signed in here.
    """

    indexes: tuple[bytes, ...]
    client_id: str
    cardholder: Cardholder | None = None


def of_client(tx: HubTransaction, client_id: str, subject: str) -> Subject:
    """The client's person of that name; whether anything is known of them is not asked."""
    return Subject(indexes=tuple(tx.keyring.indexes(subject, purpose="subject")), client_id=client_id)


def of_cardholder(tx: HubTransaction, cardholder: Cardholder) -> Subject:
    """The signed-in person, the same as their host app names them."""
    if cardholder.client_id is None or cardholder.subject is None:
        return Subject(indexes=cardholder.owner_indexes, client_id=FORM_CLIENT, cardholder=cardholder)
    indexes = tuple(tx.keyring.indexes(cardholder.subject, purpose="subject"))
    return Subject(indexes=indexes, client_id=cardholder.client_id, cardholder=cardholder)


def negotiations_of(tx: HubTransaction, subject: Subject) -> list[NegotiationRecord]:
    """The negotiations that the person sees, or the client for them."""
    if subject.cardholder is not None:
        return cardholders.list_for(tx, subject.cardholder)
    return negotiations.list_of_subject(tx, subject.client_id, subject.indexes)
