"""Cardholders at the hub's pages: who they are, how they get in, and which negotiations are theirs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import Fault, NotFound, TooManyTries
from hub.domain.identifiers import mobile as as_mobile
from hub.domain.plain import Plain
from hub.services.person_index import person_indexes
from hub.services.transaction import HubTransaction
from storage import clients, negotiations, sessions
from storage.records import NegotiationRecord, SignInCodeRecord, new_id

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_WINDOW = timedelta(hours=1)
CODES_A_WINDOW = 5
# A session that was used less than this ago is not written again.
_SEEN_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cardholder:
    """A person who is signed in. One who came by text message is known by the mobile alone.

    `key` tells sessions apart and is no secret. `person_indexes` and `mobile_indexes` find what is theirs.
    `cards`: (bank code, card number) each, as the host app named them.
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

    @property
    def kind(self) -> str:
        """What templates ask for."""
        return "cardholder"

    @property
    def whose(self) -> str:
        """A name for what belongs to this person and not to the session: the same at every sign-in of one kind."""
        indexes = self.mobile_indexes if self.person_indexes is None else self.person_indexes
        return indexes[0].hex()[:32]

    @property
    def actor(self) -> Actor:
        """The person as one who acts."""
        return Actor(party=Party.CARDHOLDER, id=f"person/{self.whose}", channel=Channel.WEB)


def _cardholder(tx: HubTransaction, key: str, person: Plain) -> Cardholder:
    document = None
    if person.get("id_number") is not None:
        document = tuple(person_indexes(tx, person["id_type"], person["id_number"]))
    return Cardholder(
        key=key,
        mobile=person["mobile"],
        mobile_indexes=tuple(tx.keyring.indexes(person["mobile"], purpose="mobile")),
        person_indexes=document,
        client_id=person.get("client_id"),
        subject=person.get("subject"),
        name=person.get("name"),
        id_type=person.get("id_type"),
        id_number=person.get("id_number"),
        cards=tuple(_card(each) for each in person.get("cards", ())),
    )


def _card(card: Plain | Sequence[str]) -> tuple[str, str]:
    if isinstance(card, dict):
        return card["bank_code"], card["card_number"]
    bank_code, card_number = card
    return bank_code, card_number


def open_session(tx: HubTransaction, person: Plain, *, at: datetime) -> str:
    """`person` is signed in from `at` on; gives the token of the session."""
    return sessions.add_session(tx, person=person, at=at, life=SESSION_LIFE)


def find_cardholder(tx: HubTransaction, token: str, *, at: datetime) -> tuple[Cardholder, bool] | None:
    """Who holds the token, unless the session has ended; and whether it is time to note that it is used."""
    found = sessions.find_session(tx, token, kind=sessions.CARDHOLDER, at=at, idle=SESSION_IDLE)
    if found is None:
        return None
    return _cardholder(tx, found.key, found.person), found.seen_at <= at - _SEEN_AGAIN


def note_use(tx: HubTransaction, token: str, *, at: datetime) -> None:
    """The session was used at `at`."""
    sessions.touch_session(tx, token, at=at)


def end_session(tx: HubTransaction, token: str) -> None:
    """The token opens nothing any more."""
    sessions.end_session(tx, token)


def launch(tx: HubTransaction, code: str, *, at: datetime) -> str | None:
    """The person of the launch code is signed in, this once; None for a code that was used or is too old."""
    used = clients.use_launch(tx, code)
    if used is None:
        return None
    client_id, person = used
    return open_session(tx, {**person, "client_id": client_id}, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMessage:
    """A text message that is to be sent once the transaction is committed."""

    to: str
    text: str


def send_code(tx: HubTransaction, typed: str) -> SignInMessage:
    """A fresh code signs the mobile's holder in for ten minutes; the one before is good for nothing.

    The same for every number, known here or not. Raises `InvalidValue`, and `TooManyTries`.
    """
    to = as_mobile(typed)
    indexes = tx.keyring.indexes(to, purpose="mobile")
    if sessions.count_codes_since(tx, indexes, tx.now - CODE_WINDOW) >= CODES_A_WINDOW:
        raise TooManyTries(int(CODE_WINDOW.total_seconds()))
    code, code_id = f"{secrets.randbelow(10**6):06d}", new_id()
    record = SignInCodeRecord(
        id=code_id,
        mobile_index=indexes[0],
        digest=tx.keyring.index(f"{code_id}/{code}", purpose="sign_in_code"),
        sent_at=tx.now,
        expires_at=tx.now + CODE_LIFE,
        tries=0,
    )
    sessions.add_code(tx, record)
    return SignInMessage(
        to=to, text=f"{code} 是您的登录验证码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。"
    )


def use_code(tx: HubTransaction, typed_mobile: str, code: str, *, at: datetime) -> str | Fault:
    """The token of a session for the holder of the mobile, or what is wrong with the code.

    A wrong try is counted, so the transaction has to be committed either way.
    """
    number = as_mobile(typed_mobile)
    record = sessions.newest_code(tx, tx.keyring.indexes(number, purpose="mobile"))
    if record is None or record.used_at is not None or record.expires_at <= tx.now:
        return Fault("/code", "sign_in_code_over")
    if record.tries >= CODE_TRIES:
        return Fault("/code", "sign_in_code_used_up")
    record.tries += 1
    right = tx.keyring.indexes(f"{record.id}/{code}", purpose="sign_in_code")
    if not any(secrets.compare_digest(record.digest, each) for each in right):
        return Fault("/code", "sign_in_code_wrong")
    record.used_at = tx.now
    return open_session(tx, {"mobile": number}, at=at)


def may_see(_tx: HubTransaction, cardholder: Cardholder, negotiation: NegotiationRecord) -> bool:
    """Whether the negotiation is this person's: by the document of a launch, or by the mobile of a text message."""
    if cardholder.person_indexes is not None:
        return negotiation.person_index in cardholder.person_indexes
    return negotiation.mobile_index in cardholder.mobile_indexes


def list_for(tx: HubTransaction, cardholder: Cardholder) -> list[NegotiationRecord]:
    """The person's negotiations, over all clients, newest first."""
    return negotiations.list_of_person(
        tx, person_indexes=cardholder.person_indexes, mobile_indexes=cardholder.mobile_indexes
    )


def get_for(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> NegotiationRecord:
    """The person's negotiation; raises `NotFound` for an unknown one and for another's alike."""
    found = negotiations.find_negotiation(tx, negotiation_id)
    if found is None or not may_see(tx, cardholder, found):
        raise NotFound
    return found
