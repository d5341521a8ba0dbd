"""The checks of a `webhook` bank: it takes what is signed, twice under one id, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from hub.banks.conformance.advice import advice
from hub.banks.conformance.altered import Change, Exchange, Sent, sent
from hub.banks.conformance.application import submitted
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.outgoing import MOST_BYTES
from hub.banks.port import ANSWER_S
from hub.banks.standard_webhooks import TOLERANCE

_SIGNATURE = "webhook-signature"
_KEEP = "Answer 2xx once the message is safely kept, and do the rest of the work afterwards."
_VERIFY = "Verify webhook-signature over `id.timestamp.body` with the shared secret before anything else."


def examine(trial: Trial) -> Iterator[Check]:
    """The checks, in their order."""
    application = submitted(trial)
    first = sent(trial, application)
    yield judged(
        "takes a well-signed test application",
        passed=first.refusal is None,
        expected=f"a 2xx within {ANSWER_S} s and {MOST_BYTES // 1024} KiB",
        came=first.came,
        to_do=advice(first, f"Look at the url, the secret and the clock. {_KEEP}"),
    )
    if first.refusal is not None:
        for name in ("takes the same id again", *_altered_names()):
            yield not_asked(name, expected="", why="the first message was not taken")
        return
    yield judged(
        "takes the same id again, stamped and signed afresh",
        passed=(second := sent(trial, application)).refusal is None,
        expected="a 2xx: we repeat a message until we have heard one, always under its id",
        came=second.came,
        to_do="Remember webhook-id: answer 2xx to one you know, and do nothing a second time.",
    )
    for name, change, ahead_by, to_do in _alterations():
        yield _refused(name, sent(trial, submitted(trial), change=change, ahead_by=ahead_by), to_do)


def _refused(name: str, exchange: Exchange, to_do: str) -> Check:
    answer = exchange.answer
    return judged(
        name,
        passed=answer is not None and 400 <= answer.status < 500,
        expected="a 4xx",
        came=exchange.came,
        to_do=to_do,
    )


def _alterations() -> list[tuple[str, Change | None, timedelta, str]]:
    stamp = f"Refuse a webhook-timestamp that is more than {TOLERANCE.seconds // 60} minutes off, either way."
    return [
        ("refuses what is not signed", _unsigned, timedelta(), _VERIFY),
        ("refuses a signature of another secret", _forged, timedelta(), _VERIFY),
        ("refuses a body that was changed after it was signed", _changed, timedelta(), _VERIFY),
        ("refuses an id that was changed after it was signed", _renamed, timedelta(), _VERIFY),
        ("refuses an old stamp", None, -2 * TOLERANCE, stamp),
        ("refuses a stamp of the future", None, 2 * TOLERANCE, stamp),
    ]


def _altered_names() -> list[str]:
    return [name for name, *_ in _alterations()]


def _unsigned(body: bytes, headers: Mapping[str, str]) -> Sent:
    return body, {name: value for name, value in headers.items() if name != _SIGNATURE}


def _forged(body: bytes, headers: Mapping[str, str]) -> Sent:
    """As long as a real one, and of the same letters."""
    version, _, signature = headers[_SIGNATURE].partition(",")
    return body, {**headers, _SIGNATURE: f"{version},{signature[1:-1][::-1]}A="}


def _changed(body: bytes, headers: Mapping[str, str]) -> Sent:
    return body.replace(b"1850000", b"1850001"), headers


def _renamed(body: bytes, headers: Mapping[str, str]) -> Sent:
    return body, {**headers, "webhook-id": headers["webhook-id"][::-1]}
