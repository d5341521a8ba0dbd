"""How cardholders get in at the hub's pages: by a host app or by text message, and how long their session lasts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hub.domain.errors import Fault
from hub.domain.identifiers import mobile as as_mobile
from hub.domain.masks import mask_mobile
from hub.domain.plain import Plain
from hub.domain.visitor import VisitorKind
from hub.services import codes
from hub.services.accounts import preferences
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications.person_index import person_indexes
from hub.services.codes import CODE_TRIES, CodeMessage, CodePurpose, DrawnCode
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import clients, sessions
from storage.drafts import FORM_CLIENT
from storage.records import SignInCodeRecord, new_id

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
# Who says that they are still there is not sent away while they write, but once a day they sign in again.
SESSION_LONGEST = timedelta(hours=24)
# What a browser sends after its session has ended by itself is still known to be this person's for so long.
LAPSED_KEPT = timedelta(days=1)
# So many codes that one browser asked for are good at once: a text message may come late.
CODES_AT_ONCE = 3
# A session that was used less than this ago is not written again.
_SEEN_AGAIN = timedelta(minutes=1)


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
        balances={_card(each): _balance(each) for each in person.get("cards", ())},
        proved_mobile_indexes=tuple(
            index for each in person.get("proved", ()) for index in tx.keyring.indexes(each, purpose="mobile")
        ),
    )


def _card(card: Plain | Sequence[str]) -> tuple[str, str]:
    if isinstance(card, dict):
        return card["bank_code"], card["card_number"]
    bank_code, card_number = card
    return bank_code, card_number


def _balance(card: Plain | Sequence[str]) -> Plain:
    if not isinstance(card, dict):
        return {}
    return {name: value for name, value in card.items() if name not in {"bank_code", "card_number"}}


def open_session(tx: HubTransaction, person: Plain, *, at: datetime) -> str:
    """`person` is signed in from `at` on; gives the token of the session."""
    by = "mobile" if person.get("id_number") is None else "launch"
    client_id = person.get("client_id")
    sent_by = None if client_id is None else clients.find_client(tx, client_id)
    client = None if sent_by is None else sent_by.name
    cardholder = _cardholder(tx, "", person)
    audit.note(tx, AuditKind.SIGNED_IN, actor=cardholder.actor, by=by, client=client)
    preferences.note_use(tx, cardholder)
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
    person = mobile if id_number is None else f"{id_type}/{id_number}"
    return [each.hex()[:32] for each in tx.keyring.indexes(f"{client_id or ''}/{person}", purpose="session_owner")]


def find_cardholder(tx: HubTransaction, token: str, *, at: datetime) -> tuple[Cardholder, bool] | None:
    """Who holds the token, unless the session has ended; and whether it is time to note that it is used."""
    found = sessions.find_session(tx, token, kind=VisitorKind.CARDHOLDER, at=at, idle=SESSION_IDLE)
    if found is None or not _still_sent_over(tx, found.person):
        return None
    notes_use = found.seen_at <= at - _SEEN_AGAIN
    ends_at = min(found.ends_at, (at if notes_use else found.seen_at) + SESSION_IDLE)
    return replace(_cardholder(tx, found.key, found.person), session_ends_at=ends_at), notes_use


def find_lapsed(tx: HubTransaction, token: str) -> Cardholder | None:
    """Whose session the token opened, also where it has ended by itself; None once somebody ended it, or much later.

    It opens nothing: what is taken from such a browser is shown to nobody before the person has signed in again.
    """
    found = sessions.find_lapsed_session(tx, token, kind=VisitorKind.CARDHOLDER)
    if found is None or not _still_sent_over(tx, found.person):
        return None
    return _cardholder(tx, found.key, found.person)


def _still_sent_over(tx: HubTransaction, person: Plain) -> bool:
    """Whether the host app that sent the person over, where one did, may still do so."""
    client_id = person.get("client_id")
    return client_id in (None, FORM_CLIENT) or clients.find_client(tx, client_id) is not None


def note_use(tx: HubTransaction, token: str, *, at: datetime) -> None:
    """The session was used at `at`."""
    sessions.touch_session(tx, token, at=at)


def stay(tx: HubTransaction, token: str, *, at: datetime) -> None:
    """The person has said that they are still there: the session goes on for two hours, up to a day in all."""
    sessions.prolong_session(tx, token, at=at, by=SESSION_IDLE, longest=SESSION_LONGEST)


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
    return (launched.owner_key, launched.client_id) != (signed_in.owner_key, signed_in.client_id)


def send_code(tx: HubTransaction, typed: str) -> CodeMessage:
    """A fresh code signs the mobile's holder in for ten minutes, in the browser that asked for it.

    The same for every number, known here or not. How many are sent, the door limits. Raises `InvalidValue`.
    """
    to = as_mobile(typed)
    drawn = new_code(tx, to)
    return CodeMessage(
        to=to,
        code=drawn.code,
        code_id=drawn.id,
        text=f"{drawn.code} 是您的登录验证码，10 分钟内有效。请不要告诉任何人，工作人员也不会向您索要。",
    )


def codes_with(asked: Sequence[str] | None, code_id: str | None) -> list[str]:
    """What a browser keeps of the codes that it asked for: the newest, one that is none where nothing was sent."""
    return [*(asked or ()), code_id or new_id()][-CODES_AT_ONCE:]


def new_code(tx: HubTransaction, to: str) -> DrawnCode:
    """A code that shows who has the mobile `to`, in the browser that asked for it; nothing is sent."""
    drawn = codes.draw(tx, CodePurpose.SIGN_IN)
    record = SignInCodeRecord(
        id=drawn.id,
        mobile_index=tx.keyring.index(to, purpose="mobile"),
        digest=drawn.digest,
        sent_at=drawn.sent_at,
        expires_at=drawn.expires_at,
        tries=0,
    )
    sessions.add_code(tx, record)
    return drawn


def use_code(tx: HubTransaction, typed_mobile: str, code: str, *, asked: Sequence[str], at: datetime) -> str | Fault:
    """The token of a session for the holder of the mobile, or what is wrong with the code.

    Only a code of those that this browser `asked` for is right.

    A wrong try is counted, so the transaction has to be committed either way.
    """
    number = as_mobile(typed_mobile)
    fault = code_fault(tx, number, code, asked)
    if fault is None:
        return open_session(tx, {"mobile": number}, at=at)
    audit.note(tx, AuditKind.SIGN_IN_FAILED, mask_mobile(number), by="mobile")
    return fault


def code_fault(tx: HubTransaction, mobile: str, code: str, asked: Sequence[str]) -> Fault | None:
    """None where `code` is one that this browser `asked` for, which it is once; otherwise what is wrong with it.

    A wrong try is counted, so the transaction has to be committed.
    """
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
        if codes.is_right(tx, record, code, CodePurpose.SIGN_IN):
            right = record
    if right is None:
        return Fault("/code", "sign_in_code_wrong")
    for record in alive:
        record.used_at = tx.now
    return None
