"""A bank that speaks UnionPay-style signed pairs: out as orders, back as notices, and a query in between."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.banks.pairs import envelope
from hub.banks.pairs.envelope import Pairs
from hub.banks.pairs.signers import Signer, SignMethod, Verifier, signer_of, verifier_of
from hub.banks.port import USER_AGENT, Answer, BankCall, Incoming, Message, Receipt, Refusal, Surroundings
from hub.domain.bank import Bank
from hub.domain.bank_event import EventType
from hub.domain.bank_settings import naming
from hub.domain.delivery import MessageKind
from hub.domain.errors import (
    CallRefused,
    HubError,
    InProcess,
    InvalidValue,
    Malformed,
    Refused,
    RefusedForGood,
    TryAgain,
    Unusable,
)

SUB_TYPES: Mapping[MessageKind, str] = {
    MessageKind.SUBMITTED: "01",
    MessageKind.MESSAGE: "02",
    MessageKind.COUNTER_OFFERED: "03",
    MessageKind.ACCEPTED: "04",
    MessageKind.WITHDRAWN: "05",
    MessageKind.AGREEMENT_ENDED: "06",
    MessageKind.AMENDMENT_REQUESTED: "07",
    MessageKind.AMENDED: "08",
    MessageKind.AMENDMENT_CLOSED: "09",
    MessageKind.REQUEST_MESSAGE: "20",
    MessageKind.MANDATE_REVOKED: "21",
    MessageKind.DEDUCTION_REPORTED: "22",
    MessageKind.INSTALMENT_REQUESTED: "23",
    MessageKind.INSTALMENT_ACCEPTED: "24",
    MessageKind.INSTALMENT_DECLINED: "25",
    MessageKind.INSTALMENT_WITHDRAWN: "26",
    MessageKind.APPOINTMENT_REQUESTED: "27",
    MessageKind.APPOINTMENT_CANCELLED: "28",
    MessageKind.APPOINTMENT_MOVE_ACCEPTED: "29",
}
EVENT_TYPES: Mapping[str, EventType] = {
    "11": EventType.ACKNOWLEDGED,
    "12": EventType.EVIDENCE_REQUESTED,
    "13": EventType.OFFERED,
    "14": EventType.REJECTED,
    "15": EventType.MESSAGE,
    "16": EventType.DECISION_DEFERRED,
    "17": EventType.TRANSFERRED,
    "18": EventType.IDENTITY_COMPARED,
    "19": EventType.BILL_TOLD,
    "31": EventType.MANDATE_CONFIRMED,
    "32": EventType.MANDATE_REFUSED,
    "33": EventType.DEDUCTION_ANSWERED,
    "34": EventType.INSTALMENT_QUOTED,
    "35": EventType.INSTALMENT_REFUSED,
    "36": EventType.INSTALMENT_DONE,
    "37": EventType.APPOINTMENT_CONFIRMED,
    "38": EventType.APPOINTMENT_MOVED,
    "39": EventType.APPOINTMENT_MISSED,
    "40": EventType.APPOINTMENT_REPORTED,
}
CURRENCY = "156"
_DONE = "成功 [Success]"
_REFUSED = "未受理 [Refused]"
_MOST_KEY_BYTES = 64 * 1024
# A reaction to a refusal by its status; those that are not here are `envelope.FAILED`.
_CODES = {
    400: envelope.BAD_INPUT,
    404: envelope.UNKNOWN_ORDER,
    409: envelope.NOT_NOW,
    413: envelope.BAD_INPUT,
    422: envelope.BAD_INPUT,
}
_STAMP_CODES = frozenset({"stamp_form", "stamp_old", "stamp_ahead"})


def private_key_file(text: str) -> str:
    """`text`, the path of a private key of either method; raises `InvalidValue`."""
    _first_fit(signer_of, read_key(text))
    return text


def public_key_files(text: str) -> list[str]:
    """The paths of public keys that `text` names, parted by commas; all count while they change."""
    paths = _paths(text)
    if not paths:
        raise InvalidValue("public_key_form", sign_method="/".join(SignMethod))
    for path in paths:
        _first_fit(verifier_of, read_key(path))
    return paths


def _paths(text: str) -> list[str]:
    return [path.strip() for path in text.split(",") if path.strip()]


def _first_fit(read: Callable[[SignMethod, bytes], object], pem: bytes) -> None:
    """Which method the bank uses is another setting: whether they fit is looked at once all are known."""
    try:
        read(SignMethod.RSA, pem)
    except InvalidValue:
        read(SignMethod.SM2, pem)


def read_key(path: str) -> bytes:
    """What the file holds; raises `InvalidValue`: `file_unreadable`, also for more than a key can need."""
    if not path.isprintable():
        # Whoever gives the key itself instead of its place shall not read it in an error.
        raise InvalidValue("file_unreadable", path="…")
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MOST_KEY_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InvalidValue("file_unreadable", path=path) from error
    if len(content) > _MOST_KEY_BYTES:
        raise InvalidValue("file_unreadable", path=path)
    return content


class UnionPay:
    """POSTs each message to the bank's `url` as pairs, and hears of its decisions at the hub's own address."""

    kind = "unionpay"
    required: frozenset[str] = frozenset({"url", "mer_id", "cert_id", "our_private_key", "bank_public_key"})
    secret: frozenset[str] = frozenset()  # keys lie in files of their own
    fitted: frozenset[str] = frozenset({"sign_method", "our_private_key", "bank_public_key"})
    in_house = False
    door = "notify"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self.settings: Mapping[str, Callable[[str], Any]] = {
            "url": surroundings.http.check_url,
            "mer_id": envelope.check_mer_id,
            "cert_id": envelope.check_cert_id,
            "our_private_key": private_key_file,
            "bank_public_key": public_key_files,
            "sign_method": envelope.check_sign_method,
        }

    def check_fit(self, settings: Mapping[str, str]) -> None:
        """Both keys are of the method that the bank signs by; raises `InvalidValue` naming setting and method."""
        with naming("our_private_key"):
            _signer(settings)
        with naming("bank_public_key"):
            _verifiers(settings)

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """The bank said `00`; raises `InProcess`, `RefusedForGood`, or `TryAgain` where it said nothing certain.

        A message whose earlier attempt ended undecided is asked after first, and sent only where it is unknown.
        """
        if message.in_process:
            code = self._exchanged(envelope.QUERY, message.id, {}, bank)
            if code != envelope.UNKNOWN_ORDER:
                return _receipt(code)
        content = {
            "currencyCode": CURRENCY,
            "txnAmt": str(message.owed_fen),
            "reqReserved": envelope.reserved(message.body),
        }
        return _receipt(self._exchanged(SUB_TYPES[message.kind], message.id, content, bank))

    def ask(self, message_id: str, bank: Bank) -> bool | None:
        """Whether the bank says that it has the message, None where it has not decided; raises `TryAgain`."""
        code = self._exchanged(envelope.QUERY, message_id, {}, bank)
        if code in envelope.ASK_AGAIN:
            return None
        if code not in (envelope.TAKEN, envelope.UNKNOWN_ORDER):
            raise TryAgain(f"respCode {code} to a query")
        return code == envelope.TAKEN

    def _exchanged(self, sub_type: str, order_id: str, content: Pairs, bank: Bank) -> str:
        """The `respCode` of the bank's answer to this very order; raises `TryAgain` for anything else."""
        heading = {
            "txnSubType": sub_type,
            "merId": bank.settings["mer_id"],
            "orderId": order_id,
            "txnTime": envelope.stamp(self._surroundings.now()),
        }
        try:
            body = envelope.signed({**heading, **content}, _our_key(bank), cert_id=bank.settings["cert_id"])
            verifiers = _their_keys(bank)
        except Unusable as error:
            raise TryAgain(str(error)) from error
        answer = self._surroundings.http.post(
            bank.settings["url"],
            body,
            {"Content-Type": f"{envelope.MEDIA_TYPE}; charset=utf-8", "User-Agent": USER_AGENT},
        )
        if answer.status != 200:
            raise TryAgain(f"HTTP {answer.status}")
        try:
            pairs = envelope.parse(answer.body)
            envelope.require_signed(pairs, verifiers)
        except (Malformed, CallRefused) as error:
            raise TryAgain(f"the answer is not one: {error.code}") from error
        # An answer to another order, however well signed, says nothing of this one.
        if any(pairs.get(name) != heading[name] for name in ("txnSubType", "merId", "orderId")):
            raise TryAgain("the answer is to another order")
        code = pairs.get("respCode", "")
        if len(code) != 2 or not code.isascii() or not code.isalnum():
            raise TryAgain("the answer has no respCode")
        return code

    def read(self, incoming: Incoming, bank: Bank) -> BankCall:
        """What the bank said; raises `CallRefused` unless signature and stamp are right, `Refused`, `Malformed`."""
        pairs = _pairs_of(incoming)
        envelope.require_signed(pairs, _their_keys(bank))
        if pairs.get("merId") != bank.settings["mer_id"]:
            raise CallRefused("merchant_unknown")
        _require_fresh(pairs, self._surroundings.now())
        faults = envelope.faults_of(pairs, sub_types=EVENT_TYPES)
        content = b""
        try:
            content = envelope.content_of(pairs)
        except InvalidValue as error:
            faults.append(error.at("/reqReserved"))
        if faults:
            raise Refused(*faults)
        return BankCall(
            id=pairs["orderId"],
            content=content,
            digest=envelope.digest_of(pairs),
            type=EVENT_TYPES[pairs["txnSubType"]],
        )

    def answer(self, incoming: Incoming, bank: Bank, refusal: Refusal | None) -> Answer:
        """The pairs with `respCode` and our signature; a refusal keeps its status."""
        try:
            asked: Pairs = _pairs_of(incoming)
        except HubError:
            asked = {}
        # Only notices are repeated: what we sign as an answer must never pass for a message of ours.
        echoed = envelope.echo(asked, sub_types=EVENT_TYPES)
        echoed["merId"] = bank.settings["mer_id"]
        echoed["respCode"] = envelope.TAKEN if refusal is None else _code_of(refusal)
        echoed["respMsg"] = (
            _DONE if refusal is None else envelope.resp_msg(f"{_REFUSED} {refusal.code}: {refusal.text}")
        )
        return Answer(
            status=200 if refusal is None else refusal.status,
            body=envelope.signed(echoed, _our_key(bank), cert_id=bank.settings["cert_id"]),
            content_type=envelope.MEDIA_TYPE,
        )


def _receipt(code: str) -> Receipt:
    if code == envelope.TAKEN:
        return Receipt(detail=f"respCode {code}")
    if code in envelope.ASK_AGAIN:
        raise InProcess(f"respCode {code}")
    # What the bank says beside the code may name a person.
    raise RefusedForGood(f"respCode {code}")


def _pairs_of(incoming: Incoming) -> dict[str, str]:
    if incoming.content_type != envelope.MEDIA_TYPE:
        raise Malformed("pairs_type")
    return envelope.parse(incoming.body)


def _require_fresh(pairs: Pairs, now: datetime) -> None:
    try:
        envelope.check_stamp(pairs.get("txnTime", ""), now)
    except InvalidValue as error:
        raise CallRefused(error.code) from error


def _code_of(refusal: Refusal) -> str:
    if refusal.code == "event_id_reused":
        return envelope.ID_REUSED
    if refusal.code in _STAMP_CODES:
        return envelope.BAD_INPUT
    return _CODES.get(refusal.status, envelope.FAILED)


def _method_of(settings: Mapping[str, str]) -> SignMethod:
    return SignMethod(settings.get("sign_method", SignMethod.RSA))


def _signer(settings: Mapping[str, str]) -> Signer:
    return signer_of(_method_of(settings), read_key(settings["our_private_key"]))


def _verifiers(settings: Mapping[str, str]) -> list[Verifier]:
    method = _method_of(settings)
    return [verifier_of(method, read_key(path)) for path in _paths(settings["bank_public_key"])]


def _our_key(bank: Bank) -> Signer:
    try:
        return _signer(bank.settings)
    except InvalidValue as error:
        raise Unusable(f"our_private_key of bank {bank.code} cannot be used with its sign_method") from error


def _their_keys(bank: Bank) -> list[Verifier]:
    try:
        return _verifiers(bank.settings)
    except InvalidValue as error:
        raise Unusable(f"bank_public_key of bank {bank.code} cannot be used with its sign_method") from error


def make(surroundings: Surroundings) -> UnionPay:
    """The adapter."""
    return UnionPay(surroundings)
