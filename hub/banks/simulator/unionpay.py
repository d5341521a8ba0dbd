"""The far side of `unionpay`: an endpoint for signed pairs, which calls the hub at `/adapters/{code}/notify`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hub.banks.adapters.unionpay import EVENT_TYPES, SUB_TYPES, public_key_files, read_key
from hub.banks.pairs import envelope
from hub.banks.pairs.envelope import Pairs
from hub.banks.pairs.signers import Signer, SignMethod, Verifier, new_keys, signer_of, verifier_of
from hub.banks.simulator.http_side import HttpSide, Reply, Request, broken
from hub.banks.simulator.listening import ListeningBank
from hub.banks.simulator.port import Arrived, Desk, Does, Event, Heard, Joining, Place, Way
from hub.domain.delivery import MessageKind
from hub.domain.errors import CallRefused, DeliveryError, InvalidValue, Malformed, Unusable

MER_ID = "777290058110048"
_PATH = "/gateway/api/backTransReq.do"
_HUBS_CERT_ID = "68759663125"
_BANKS_CERT_ID = "69597475696"
_KINDS: Mapping[str, MessageKind] = {number: kind for kind, number in SUB_TYPES.items()}
_NUMBERS = {type_: number for number, type_ in EVENT_TYPES.items()}
_OFF_BY = {Way.STALE: -envelope.OLDEST - timedelta(days=1), Way.AHEAD: 2 * envelope.AHEAD}
_IN_PROCESS = "03"
_REFUSED = "99"
_PROBE = b"whether two keys belong together"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """The bank's own key, what verifies the hub's messages, and the files that the hub is given."""

    own: Signer
    forger: Signer
    hubs: Verifier
    our_private_key: str
    bank_public_key: str


class UnionPaySide(ListeningBank[HttpSide]):
    """A bank that listens at `/gateway/api/backTransReq.do`, for messages and queries alike."""

    kind = "unionpay"
    speaks = True
    does = frozenset(Does)
    ways = frozenset(Way) - {Way.GARBLED}

    def __init__(self, place: Place) -> None:
        """Raises `InvalidValue` for a setting that is none, `Unusable` where the bank's key is not to be had."""
        super().__init__(place)
        self._method = envelope.check_sign_method(place.given.get("sign_method") or SignMethod.RSA)
        self._mer_id = envelope.check_mer_id(place.given.get("mer_id") or MER_ID)
        self._keys = _keys_of(place, self._method)

    @property
    def joining(self) -> Joining:
        """The endpoint, the numbers of both sides, and the key files."""
        return Joining(
            settings={
                "url": f"http://127.0.0.1:{self._port}{_PATH}",
                "mer_id": self._mer_id,
                "cert_id": self._place.given.get("cert_id") or _HUBS_CERT_ID,
                "our_private_key": self._keys.our_private_key,
                "bank_public_key": self._keys.bank_public_key,
                "sign_method": str(self._method),
            }
        )

    def _listen(self) -> HttpSide:
        return HttpSide(self._place.port, self._answer)

    def _answer(self, request: Request) -> Reply:
        desk, listening = self._desk, self._listening
        if desk is None or listening is None:
            return Reply(status=503)
        try:
            pairs = self._believed(request)
        except (Malformed, CallRefused, InvalidValue) as error:
            desk.notice("refused", why=error.code)
            return Reply(status=401, body=error.code.encode())
        if envelope.faults_of(pairs, sub_types=(envelope.QUERY, *_KINDS)):
            desk.notice("cannot be read", id=pairs.get("orderId", ""))
            return self._reply(pairs, envelope.BAD_INPUT)
        if pairs["txnSubType"] == envelope.QUERY:
            knows = desk.knows(pairs["orderId"])
            return self._reply(pairs, {True: envelope.TAKEN, False: envelope.UNKNOWN_ORDER, None: _IN_PROCESS}[knows])
        return self._taken(pairs, desk, listening)

    def _believed(self, request: Request) -> Pairs:
        pairs = envelope.parse(request.body)
        envelope.require_signed(pairs, [self._keys.hubs])
        if pairs.get("merId") != self._mer_id:
            raise CallRefused("merchant_unknown")
        envelope.check_stamp(pairs.get("txnTime", ""), self._place.clock.now())
        return pairs

    def _taken(self, pairs: Pairs, desk: Desk, listening: HttpSide) -> Reply:
        arrived = _arrived(pairs)
        if arrived is None:
            desk.notice("cannot be read", id=pairs["orderId"])
            return self._reply(pairs, envelope.BAD_INPUT)
        reaction = desk.take(arrived)
        listening.wait(reaction.after_s)
        match reaction.does:
            case Does.FAIL:
                return Reply(status=int(reaction.word) if reaction.word.startswith("5") else 503)
            case Does.REFUSE:
                return self._reply(pairs, reaction.word if len(reaction.word) == 2 else _REFUSED)
            case Does.IN_PROCESS:
                return self._reply(pairs, _IN_PROCESS)
        return broken(reaction) or self._reply(pairs, envelope.TAKEN)

    def _reply(self, asked: Pairs, code: str) -> Reply:
        answer_pairs = envelope.echo(asked, sub_types=(envelope.QUERY, *_KINDS))
        answer_pairs |= {"respCode": code, "respMsg": "模拟银行"}
        body = envelope.signed(answer_pairs, self._keys.own, cert_id=_BANKS_CERT_ID)
        return Reply(body=body, content_type=envelope.MEDIA_TYPE)

    def say(self, event: Event) -> Heard:
        """The hub was called; `00` under its signature is a yes, and what is neither that nor a 4xx is said again."""
        stamped = self._place.clock.now() + _OFF_BY.get(event.way, timedelta())
        content = json.dumps({**event.about, "data": event.data}, ensure_ascii=False).encode()
        pairs = {
            "txnSubType": _NUMBERS[event.type],
            "merId": self._mer_id,
            "orderId": event.id,
            "txnTime": envelope.stamp(stamped),
            "reqReserved": envelope.reserved(content),
        }
        signer = self._keys.forger if event.way is Way.FORGED else self._keys.own
        url = f"{self._place.hub_url}/adapters/{self._place.code}/notify"
        try:
            answer = self._place.http.post(
                url, envelope.signed(pairs, signer, cert_id=_BANKS_CERT_ID), {"Content-Type": envelope.MEDIA_TYPE}
            )
        except DeliveryError as error:
            return Heard(taken=False, detail=error.detail, again=True)
        code = self._heard(answer.body, pairs)
        taken = answer.status == 200 and code == envelope.TAKEN
        again = not taken and (answer.status in {200, 429} or answer.status >= 500)
        return Heard(taken=taken, detail=f"{answer.status} {code}".strip(), again=again)

    def _heard(self, body: bytes, sent_pairs: Pairs) -> str:
        """The hub's `respCode`, or nothing where the answer is not the hub's, or is to something else."""
        try:
            answer_pairs = envelope.parse(body)
            envelope.require_signed(answer_pairs, [self._keys.hubs])
        except (Malformed, CallRefused):
            return ""
        same = all(answer_pairs.get(name) == sent_pairs[name] for name in ("txnSubType", "merId", "orderId"))
        return answer_pairs.get("respCode", "") if same else ""


def _arrived(pairs: Pairs) -> Arrived | None:
    try:
        data = json.loads(envelope.content_of(pairs))
    except (InvalidValue, ValueError):
        return None
    if not isinstance(data, Mapping):
        return None
    return Arrived(id=pairs["orderId"], kind=_KINDS[pairs["txnSubType"]], data=data, digest=envelope.digest_of(pairs))


def _keys_of(place: Place, method: SignMethod) -> _Keys:
    """The keys in the bank's folder, made at the first start; those of the hub where its own are named."""
    banks, banks_public = _pair_of(place.folder, f"bank-{method}", method)
    forger, _ = _pair_of(place.folder, f"forger-{method}", method)
    hubs_file = place.given.get("our_private_key")
    if not hubs_file:
        hubs, _ = _pair_of(place.folder, f"hub-{method}", method)
        hubs_file = str(hubs)
    own = signer_of(method, read_key(str(banks)))
    given = place.given.get("bank_public_key")
    if given and not any(_belong(own, method, path) for path in public_key_files(given)):
        raise Unusable(
            f"the private key to {given} is not in {place.folder}: name the folder it is in, or set bank_public_key "
            f"to {banks_public}"
        )
    return _Keys(
        own=own,
        forger=signer_of(method, read_key(str(forger))),
        hubs=signer_of(method, read_key(hubs_file)).verifier,
        our_private_key=hubs_file,
        bank_public_key=given or str(banks_public),
    )


def _belong(own: Signer, method: SignMethod, path: str) -> bool:
    return verifier_of(method, read_key(path)).is_signed(_PROBE, own.sign(_PROBE))


def _pair_of(folder: Path, name: str, method: SignMethod) -> tuple[Path, Path]:
    private, public = folder / f"{name}.pem", folder / f"{name}-public.pem"
    if not (private.exists() and public.exists()):
        made, made_public = new_keys(method)
        private.touch(mode=0o600)
        private.write_bytes(made)
        public.write_bytes(made_public)
    return private.absolute(), public.absolute()


def make(place: Place) -> UnionPaySide:
    """The simulated bank."""
    return UnionPaySide(place)
