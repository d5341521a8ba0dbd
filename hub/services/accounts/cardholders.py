"""Cardholders who are signed in: who they are, and which negotiations they see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import Fault, NotFound
from hub.domain.plain import Plain
from hub.services.transaction import HubTransaction
from storage import negotiations
from storage.records import NegotiationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Cardholder:
    """A person who is signed in. One who came by text message is known by the mobile alone.

    `key` tells sessions apart and is no secret. `person_indexes` and `mobile_indexes` find what is theirs; which of it
    they see, `may_see` says alone. `cards`: (bank code, card number) each, as the host app named them, and `balances`
    what it says is owed on them, by card, in the names of an account.
    `proved_mobile_indexes` are of the mobiles to which this session was sent a code that came back. `session_ends_at`:
    when it ends by itself if nobody uses it any more.
    """

    key: str
    mobile: str
    mobile_indexes: tuple[bytes, ...]
    person_indexes: tuple[bytes, ...] | None = None
    client_id: str | None = None
    subject: str | None = None
    name: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    cards: tuple[tuple[str, str], ...] = ()
    balances: Mapping[tuple[str, str], Plain] = field(default_factory=dict, hash=False)
    proved_mobile_indexes: tuple[bytes, ...] = ()
    # None for one that was not looked up by its session.
    session_ends_at: datetime | None = None

    @property
    def owner_indexes(self) -> tuple[bytes, ...]:
        """The keyed hashes under which what belongs to this person is kept, that of the newest key first."""
        return self.mobile_indexes if self.person_indexes is None else self.person_indexes

    @property
    def owner_key(self) -> str:
        """A name for what belongs to this person and not to the session: the same at every sign-in of one kind."""
        return self.owner_indexes[0].hex()[:32]

    def mobile_faults(self, applicants_mobile: str) -> list[Fault]:
        """`mobile_not_yours` where somebody would apply with another mobile than the one they hold.

        The codes that sign go to the applicant's mobile, so nobody else's may stand there.
        """
        return [] if applicants_mobile == self.mobile else [Fault("/applicant/mobile", "mobile_not_yours")]

    @property
    def actor(self) -> Actor:
        """The person as one who acts: no name of theirs, since what they did stands in logs that are never erased."""
        return Actor(party=Party.CARDHOLDER, id="person", channel=Channel.WEB)


def may_see(cardholder: Cardholder, negotiation: NegotiationRecord) -> bool:
    """Whether the negotiation is shown to this person: the one rule for every page, paper and action.

    Who came by text message sees what stands under that mobile. Whom a host app sent over sees what that app, or its
    people at the hub's pages, made for the same document; and what others made for it under a mobile that the person
    has proved to hold. The app's word about the document opens nothing of another's.
    """
    if cardholder.person_indexes is None:
        return negotiation.mobile_index in cardholder.mobile_indexes
    if negotiation.person_index not in cardholder.person_indexes:
        return False
    made_by = negotiation.launch_client_id or negotiation.client_id
    return made_by == cardholder.client_id or negotiation.mobile_index in cardholder.proved_mobile_indexes


def all_of(tx: HubTransaction, cardholder: Cardholder) -> list[NegotiationRecord]:
    """The negotiations that bear the person's document, or the mobile where no document is known; newest first."""
    return negotiations.list_of_person(
        tx, person_indexes=cardholder.person_indexes, mobile_indexes=cardholder.mobile_indexes
    )


def list_for(tx: HubTransaction, cardholder: Cardholder) -> list[NegotiationRecord]:
    """The negotiations that the person sees, newest first."""
    return [each for each in all_of(tx, cardholder) if may_see(cardholder, each)]


def count_hidden(tx: HubTransaction, cardholder: Cardholder) -> int:
    """How many negotiations bear the person's document that this session does not see."""
    return sum(not may_see(cardholder, each) for each in all_of(tx, cardholder))


def get_for(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> NegotiationRecord:
    """The person's negotiation; raises `NotFound` for an unknown one and for another's alike."""
    found = negotiations.find_negotiation(tx, negotiation_id)
    if found is None or not may_see(cardholder, found):
        raise NotFound
    return found
