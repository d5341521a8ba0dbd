"""The checks of a `unionpay` bank: signed answers, `00`, queries of known and unknown orders, and refusals."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import chain

from hub.banks.conformance.advice import advice
from hub.banks.conformance.altered import Exchange, Sent, sent
from hub.banks.conformance.application import submitted
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.pairs import envelope
from hub.banks.pairs.signers import SignMethod, new_keys, signer_of
from hub.banks.port import ANSWER_S, Asking
from hub.domain.errors import DeliveryError, InProcess, Malformed

_SIGNED = "HTTP 200 with the pairs, respCode 00 (or 03, 04, 05), signed with the bank's key"
_VERIFY = "Verify the signature over the sorted pairs before anything else; the method is what was agreed."
_ANSWER = (
    "Answer the same pairs with respCode and respMsg, signed; version, merId, orderId and txnSubType as they came."
)


def examine(trial: Trial) -> Iterator[Check]:
    """The checks, in their order."""
    application = submitted(trial)
    first = sent(trial, application)
    yield _taken("takes a well-signed test application", first, f"Look at the url and the keys. {_ANSWER}")
    if first.refusal is not None and not isinstance(first.refusal, InProcess):
        yield not_asked("repeats, queries and refusals", expected="", why="the first message was not taken")
        return
    again = "A known orderId with the same content is answered 00 again, and nothing is done a second time."
    yield _taken("takes the same orderId again, stamped and signed afresh", sent(trial, application), again)
    yield from _queries(trial, application.id)
    for name, change in (
        ("refuses what is not signed", _unsigned),
        ("refuses a signature of another key", _forged(trial)),
        ("refuses a pair that was changed after it was signed", _changed),
    ):
        yield _refused(name, sent(trial, submitted(trial), change=change), _VERIFY)
    stale = sent(trial, submitted(trial), ahead_by=-timedelta(days=8))
    yield _refused("refuses an old txnTime", stale, "Refuse a txnTime that is older than 7 days.")


def _taken(name: str, exchange: Exchange, to_do: str) -> Check:
    passed = exchange.refusal is None or isinstance(exchange.refusal, InProcess)
    return judged(
        name,
        passed=passed,
        expected=f"{_SIGNED}, within {ANSWER_S} s",
        came=exchange.came,
        to_do=advice(exchange, to_do),
    )


def _queries(trial: Trial, order_id: str) -> Iterator[Check]:
    if not isinstance(trial.adapter, Asking):
        return
    asked: list[tuple[str, str, tuple[bool | None, ...], str]] = [
        ("answers a query of a known order", order_id, (True, None), "00, or 03, 04, 05 while it is undecided"),
        ("answers a query of an unknown order", trial.new_id(), (False,), "34"),
    ]
    for name, asked_for, wanted, expected in asked:
        try:
            found = trial.adapter.ask(asked_for, trial.bank)
        except DeliveryError as error:
            yield judged(name, passed=False, expected=expected, came=error.detail, to_do=_ANSWER)
            continue
        came = {True: "00", None: "undecided", False: "34"}[found]
        yield judged(
            name, passed=found in wanted, expected=expected, came=came, to_do="Answer txnSubType 00 by orderId."
        )


def _refused(name: str, exchange: Exchange, to_do: str) -> Check:
    answer = exchange.answer
    code = ""
    if answer is not None:
        try:
            code = envelope.parse(answer.body).get("respCode", "")
        except Malformed:
            code = ""
    by_status = answer is not None and 400 <= answer.status < 500
    by_code = answer is not None and answer.status == 200 and code not in ("", "00", *envelope.ASK_AGAIN)
    return judged(
        name,
        passed=by_status or by_code,
        expected="a 4xx, or a respCode that says no",
        came=f"{exchange.came}, respCode {code or 'none'}",
        to_do=to_do,
    )


def _unsigned(body: bytes, headers: Mapping[str, str]) -> Sent:
    pairs = envelope.parse(body)
    del pairs["signature"]
    return envelope.spelt(pairs), headers


def _changed(body: bytes, headers: Mapping[str, str]) -> Sent:
    pairs = envelope.parse(body)
    return envelope.spelt({**pairs, "txnAmt": f"{int(pairs['txnAmt']) + 1}"}), headers


def _forged(trial: Trial) -> Callable[[bytes, Mapping[str, str]], Sent]:
    method = SignMethod(trial.bank.settings.get("sign_method", SignMethod.RSA))
    private = next(key for key in chain(new_keys(method)) if b"PRIVATE" in key)

    def change(body: bytes, headers: Mapping[str, str]) -> Sent:
        pairs = envelope.parse(body)
        del pairs["signature"]
        return envelope.signed(pairs, signer_of(method, private), cert_id=pairs["certId"]), headers

    return change
