"""Cardholders at the hub's pages: who they are, how they get in, and which negotiations are theirs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import Fault, NotFound
from hub.domain.identifiers import mobile as as_mobile
from hub.domain.masks import mask_mobile
from hub.domain.plain import Plain
from hub.domain.visitor import VisitorKind
from hub.services.applications.person_index import person_indexes
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import attempts, clients, negotiations, sessions
from storage.drafts import FORM_CLIENT
from storage.records import NegotiationRecord, SignInCodeRecord, new_id

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
# So many codes that one browser asked for are good at once: a text message may come late.
CODES_AT_ONCE = 3
PROOF_CODES_AN_HOUR = 5
# Programs can be signed in over and over, so what proves a mobile beside a document is counted by the day as well.
PROOF_WINDOW = timedelta(hours=24)
PROOF_CODES_A_WINDOW = 10
# A session that was used less than this ago is not written again.
_SEEN_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cardholder:
    """A person who is signed in. One who came by text message is known by the mobile alone.

    `key` tells sessions apart and is no secret. `person_indexes` and `mobile_indexes` find what is theirs; which of it
    they see, `may_see` says alone. `cards`: (bank code, card number) each, as the host app named them.
    `proved_mobile_indexes` are of the mobiles to which this session was sent a code that came back.
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
    proved_mobile_indexes: tuple[bytes, ...] = ()

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
        proved_mobile_indexes=tuple(
            index for each in person.get("proved", ()) for index in tx.keyring.indexes(each, purpose="mobile")
        ),
    )


def _card(card: Plain | Sequence[str]) -> tuple[str, str]:
    if isinstance(card, dict):
        return card["bank_code"], card["card_number"]
    bank_code, card_number = card
    return bank_code, card_number


def open_session(tx: HubTransaction, person: Plain, *, at: datetime) -> str:
    """`person` is signed in from `at` on; gives the token of the session."""
    by = "mobile" if person.get("id_number") is None else "launch"
    client_id = person.get("client_id")
    sent_by = None if client_id is None else clients.find_client(tx, client_id)
    client = None if sent_by is None else sent_by.name
    audit.note(tx, AuditKind.SIGNED_IN, actor=_cardholder(tx, "", person).actor, by=by, client=client)
    owner, *_ = session_owners(
        tx,
        client_id=client_id,
        id_type=person.get("id_type"),
        id_number=person.get("id_number"),
        mobile=person["mobile"],
    )
    return sessions.add_session(tx, person=person, owner=owner, address=tx.address, at=at, life=SESSION_LIFE)


def session_owners(
    tx: HubTransaction, *, client_id: str | None, id_type: str | None, id_number: str | None, mobile: str
) -> list[str]:
    """Under which names the sessions of such a person are kept: the host app's word about one opens no other's."""
    whose = mobile if id_number is None else f"{id_type}/{id_number}"
    return [each.hex()[:32] for each in tx.keyring.indexes(f"{client_id or ''}/{whose}", purpose="session_owner")]


def find_cardholder(tx: HubTransaction, token: str, *, at: datetime) -> tuple[Cardholder, bool] | None:
    """Who holds the token, unless the session has ended; and whether it is time to note that it is used."""
    found = sessions.find_session(tx, token, kind=VisitorKind.CARDHOLDER, at=at, idle=SESSION_IDLE)
    if found is None or not _still_sent_over(tx, found.person):
        return None
    return _cardholder(tx, found.key, found.person), found.seen_at <= at - _SEEN_AGAIN


def _still_sent_over(tx: HubTransaction, person: Plain) -> bool:
    """Whether the host app that sent the person over, where one did, may still do so."""
    client_id = person.get("client_id")
    return client_id in (None, FORM_CLIENT) or clients.find_client(tx, client_id) is not None


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


def replaces_another(tx: HubTransaction, code: str, signed_in: Cardholder) -> bool:
    """Whether the launch code, which can still be used, would sign in another than who is signed in already."""
    found = clients.find_launch(tx, code)
    if found is None:
        return False
    client_id, person = found
    launched = _cardholder(tx, "", {**person, "client_id": client_id})
    return (launched.whose, launched.client_id) != (signed_in.whose, signed_in.client_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMessage:
    """A text message that is to be sent once the transaction is committed."""

    to: str
    text: str
    code_id: str


def send_code(tx: HubTransaction, typed: str) -> SignInMessage:
    """A fresh code signs the mobile's holder in for ten minutes, in the browser that asked for it.

    The same for every number, known here or not. How many are sent, the door limits. Raises `InvalidValue`.
    """
    to = as_mobile(typed)
    code, code_id = _new_code(tx, to)
    return SignInMessage(
        to=to,
        code_id=code_id,
        text=f"{code} 是您的登录验证码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。",
    )


def codes_with(asked: Sequence[str] | None, code_id: str | None) -> list[str]:
    """What a browser keeps of the codes that it asked for: the newest, one that is none where nothing was sent."""
    return [*(asked or ()), code_id or new_id()][-CODES_AT_ONCE:]


def _new_code(tx: HubTransaction, to: str) -> tuple[str, str]:
    code, code_id = f"{secrets.randbelow(10**6):06d}", new_id()
    record = SignInCodeRecord(
        id=code_id,
        mobile_index=tx.keyring.index(to, purpose="mobile"),
        digest=tx.keyring.index(f"{code_id}/{code}", purpose="sign_in_code"),
        sent_at=tx.now,
        expires_at=tx.now + CODE_LIFE,
        tries=0,
    )
    sessions.add_code(tx, record)
    return code, code_id


def use_code(tx: HubTransaction, typed_mobile: str, code: str, *, asked: Sequence[str], at: datetime) -> str | Fault:
    """The token of a session for the holder of the mobile, or what is wrong with the code.

    Only a code of those that this browser `asked` for is right.

    A wrong try is counted, so the transaction has to be committed either way.
    """
    number = as_mobile(typed_mobile)
    fault = _code_fault(tx, number, code, asked)
    if fault is None:
        return open_session(tx, {"mobile": number}, at=at)
    audit.note(tx, AuditKind.SIGN_IN_FAILED, mask_mobile(number), by="mobile")
    return fault


def _code_fault(tx: HubTransaction, mobile: str, code: str, asked: Sequence[str]) -> Fault | None:
    sent = sessions.codes_of(tx, tx.keyring.indexes(mobile, purpose="mobile"), asked[-CODES_AT_ONCE:])
    alive = [each for each in sent if each.used_at is None and each.expires_at > tx.now]
    if not alive:
        return Fault("/code", "sign_in_code_over")
    open_to_tries = [each for each in alive if each.tries < CODE_TRIES]
    if not open_to_tries:
        return Fault("/code", "sign_in_code_used_up")
    right = None
    for record in open_to_tries:
        record.tries += 1
        digests = tx.keyring.indexes(f"{record.id}/{code}", purpose="sign_in_code")
        if any(secrets.compare_digest(record.digest, each) for each in digests):
            right = record
    if right is None:
        return Fault("/code", "sign_in_code_wrong")
    for record in alive:
        record.used_at = tx.now
    return None


def may_see(cardholder: Cardholder, negotiation: NegotiationRecord) -> bool:
    """Whether the negotiation is shown to this person: the one rule for every page, paper and deed.

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


def _all_of(tx: HubTransaction, cardholder: Cardholder) -> list[NegotiationRecord]:
    return negotiations.list_of_person(
        tx, person_indexes=cardholder.person_indexes, mobile_indexes=cardholder.mobile_indexes
    )


def list_for(tx: HubTransaction, cardholder: Cardholder) -> list[NegotiationRecord]:
    """The negotiations that the person sees, newest first."""
    return [each for each in _all_of(tx, cardholder) if may_see(cardholder, each)]


def count_hidden(tx: HubTransaction, cardholder: Cardholder) -> int:
    """How many negotiations bear the person's document that this session does not see."""
    return sum(not may_see(cardholder, each) for each in _all_of(tx, cardholder))


def get_for(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> NegotiationRecord:
    """The person's negotiation; raises `NotFound` for an unknown one and for another's alike."""
    found = negotiations.find_negotiation(tx, negotiation_id)
    if found is None or not may_see(cardholder, found):
        raise NotFound
    return found


def send_proof_code(tx: HubTransaction, cardholder: Cardholder, typed: str) -> SignInMessage | None:
    """A code to the mobile that stands in a hidden negotiation of the person; None, and nothing, to any other.

    None too where the mobile was sent too many: who asks must not learn which it was. Raises `InvalidValue`.
    """
    to = as_mobile(typed)
    indexes = tx.keyring.indexes(to, purpose="mobile")
    hidden = [each for each in _all_of(tx, cardholder) if not may_see(cardholder, each)]
    if not any(each.mobile_index in indexes for each in hidden):
        return None
    attempts.lock(tx, indexes[:1])
    sent = [sessions.count_codes_since(tx, indexes, tx.now - window) for window in (timedelta(hours=1), PROOF_WINDOW)]
    if sent[0] >= PROOF_CODES_AN_HOUR or sent[1] >= PROOF_CODES_A_WINDOW:
        return None
    code, code_id = _new_code(tx, to)
    return SignInMessage(
        to=to,
        code_id=code_id,
        text=f"{code} 是您查看其他申请的验证码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。",
    )


def prove_mobile(tx: HubTransaction, token: str, typed_mobile: str, code: str, *, asked: Sequence[str]) -> Fault | None:
    """The session of `token` sees what stands under the mobile and the person's document, until it ends.

    A wrong code is a fault that does not tell whether one was sent; its try is counted, so the transaction has to be
    committed.
    """
    number = as_mobile(typed_mobile)
    fault = None if _code_fault(tx, number, code, asked) is None else Fault("/code", "proof_code_wrong")
    kind = AuditKind.MOBILE_PROVED if fault is None else AuditKind.MOBILE_NOT_PROVED
    audit.note(tx, kind, mask_mobile(number))
    if fault is None:
        sessions.change_person(tx, token, lambda person: {**person, "proved": [*person.get("proved", ()), number]})
    return fault
