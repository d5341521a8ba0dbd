"""The gateway: applications that come as signed pairs. Who sent them is certain, and an order is done once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from hub.banks.pairs import envelope
from hub.banks.pairs.envelope import Pairs
from hub.banks.pairs.signers import SignMethod, new_keys, signer_of, verifier_of
from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import CallRefused, IdempotencyKeyReused, InvalidValue, NotFound, Refused
from hub.domain.plain import canonical
from hub.domain.scope import Scope
from hub.services.transaction import HubTransaction
from storage import clients, merchants
from storage.merchants import GatewayOrder, Merchant, OwnKey

APPLICATION = "01"
SUB_TYPES = (envelope.QUERY, APPLICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """Who sent the pairs, as they say; and the key that the hub answers with. None where there is no such thing."""

    merchant: Merchant | None
    key: OwnKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request of a merchant whose pairs are in order. `content` is an application's JSON, None of a query.

    `digest` is of the pairs as they were spelt, `alike` of what they hold: the same of all that hold equal JSON.
    """

    mer_id: str
    client_id: str
    order_id: str
    digest: str
    content: bytes | None
    alike: str = ""

    @property
    def actor(self) -> Actor:
        """The merchant as one who acts."""
        return Actor(party=Party.CARDHOLDER, id=f"client/{self.client_id}", channel=Channel.API)


def add_merchant(tx: HubTransaction, *, client_id: str, mer_id: str, method: SignMethod, public_key: bytes) -> OwnKey:
    """The client can come through the gateway; gives the key with which it is answered.

    Raises `InvalidValue`: `mer_id_form`, `mer_id_taken`, `public_key_form`.
    """
    verifier_of(method, public_key)
    if merchants.find_merchant(tx, envelope.check_mer_id(mer_id)) is not None:
        raise InvalidValue("mer_id_taken", mer_id=mer_id)
    merchants.add_merchant(
        tx,
        Merchant(mer_id=mer_id, client_id=client_id, sign_method=method, public_key=public_key.decode()),
    )
    return own_key(tx, method)


def set_public_key(tx: HubTransaction, *, client_id: str, method: SignMethod | None, public_key: bytes) -> OwnKey:
    """The client signs for this key from now on, by the method it had where none is given; gives ours.

    Raises `NotFound` for a client that does not come through the gateway, and `InvalidValue`: `public_key_form`.
    """
    merchant = merchants.find_merchant_of(tx, client_id)
    if merchant is None:
        raise NotFound
    signs_by = SignMethod(merchant.sign_method) if method is None else method
    verifier_of(signs_by, public_key)
    merchants.set_public_key(tx, merchant.mer_id, sign_method=signs_by, public_key=public_key.decode())
    return own_key(tx, signs_by)


def own_key(tx: HubTransaction, method: SignMethod) -> OwnKey:
    """The key of that method which the hub signs with, made where there was none."""
    merchants.hold(tx, "key", method)
    found = merchants.find_key(tx, method)
    if found is not None:
        return found
    private, public = new_keys(method)
    return merchants.add_key(tx, method, private_key=private, public_key=public)


def find_correspondent(tx: HubTransaction, pairs: Pairs) -> Correspondent:
    """Who the pairs say sent them, unless its client was disabled, and the key for an answer.

    A stranger is answered with a key that there is anyway: nobody unknown makes the hub make one.
    """
    mer_id = envelope.echo(pairs, sub_types=()).get("merId")
    merchant = None if mer_id is None else merchants.find_merchant(tx, mer_id)
    if merchant is not None:
        client = clients.find_client(tx, merchant.client_id)
        if client is None or Scope.WRITE not in client.scopes:
            merchant = None
    methods = [SignMethod(merchant.sign_method)] if merchant is not None else list(SignMethod)
    keys = (merchants.find_key(tx, method) for method in methods)
    return Correspondent(merchant=merchant, key=next((key for key in keys if key is not None), None))


def read_order(merchant: Merchant | None, pairs: Pairs, *, now: datetime) -> Order:
    """What the merchant wants, once it is certain that it said so.

    `now` is the machine's. Raises `CallRefused` where who sent the pairs is not certain, `Refused` with every fault.
    """
    if merchant is None:
        raise CallRefused("merchant_unknown")
    verifier = verifier_of(SignMethod(merchant.sign_method), merchant.public_key.encode())
    envelope.require_signed(pairs, [verifier])
    faults = envelope.faults_of(pairs, sub_types=SUB_TYPES)
    content = None
    try:
        if pairs.get("txnSubType") == APPLICATION:
            content = envelope.content_of(pairs)
    except InvalidValue as error:
        faults.append(error.at("/reqReserved"))
    try:
        if "txnTime" in pairs:
            envelope.check_stamp(pairs["txnTime"], now)
    except InvalidValue as error:
        faults.append(error.at("/txnTime"))
    if faults:
        raise Refused(*faults)
    return Order(
        mer_id=merchant.mer_id,
        client_id=merchant.client_id,
        order_id=pairs["orderId"],
        digest=envelope.digest_of(pairs),
        content=content,
    )


def whatever_its_spelling(order: Order, pairs: Pairs, data: object) -> Order:
    """The order as one that is the same in every spelling of `data`, the JSON that its `pairs` hold."""
    equal = envelope.reserved(canonical(data, ascii_only=True))
    return replace(order, alike=envelope.digest_of({**pairs, "reqReserved": equal}))


def take(tx: HubTransaction, order: Order, submit: Callable[[HubTransaction], str]) -> str:
    """The order's application, made now by `submit` or when the order first came.

    Raises `IdempotencyKeyReused` where the order was used with another body, and what `submit` raises; then the order
    is as new.
    """
    merchants.hold(tx, "order", order.mer_id, order.order_id)
    known = merchants.find_order(tx, order.mer_id, order.order_id)
    if known is not None:
        # Kept as it was spelt by hubs that told orders apart by that.
        if known.digest not in (order.alike, order.digest):
            raise IdempotencyKeyReused
        return known.application_id
    application_id = submit(tx)
    made = GatewayOrder(application_id=application_id, digest=order.alike or order.digest)
    merchants.add_order(tx, order.mer_id, order.order_id, made)
    return application_id


def find(tx: HubTransaction, order: Order) -> str:
    """The application that the merchant's order of this number made; raises `NotFound`."""
    known = merchants.find_order(tx, order.mer_id, order.order_id)
    if known is None:
        raise NotFound
    return known.application_id


def answer(pairs: Pairs, key: OwnKey | None, *, code: str, text: str, content: bytes) -> bytes:
    """The answer to `pairs` as it goes over the wire; not signed where there is no key yet."""
    answer_pairs = {
        **envelope.echo(pairs, sub_types=SUB_TYPES),
        "respCode": code,
        "respMsg": envelope.resp_msg(text),
        "reqReserved": envelope.reserved(content),
    }
    if key is None:
        return envelope.spelt({**envelope.FIXED, **answer_pairs})
    return envelope.signed(answer_pairs, signer_of(SignMethod(key.sign_method), key.private_key), cert_id=key.cert_id)
