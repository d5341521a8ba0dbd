"""The world of an adapter, altered: its clock is wrong, or what it sends is changed on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import cast

from hub.banks import adapters
from hub.banks.conformance.report import Trial
from hub.banks.port import Adapter, HttpAnswer, Message, Surroundings
from hub.domain.errors import DeliveryError

_SHOWN = 200

Sent = tuple[bytes, Mapping[str, str]]
Change = Callable[[bytes, Mapping[str, str]], Sent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What came of one call: the answer, None where there was no whole one; what the adapter made of it; seconds."""

    answer: HttpAnswer | None
    refusal: DeliveryError | None
    took_s: float

    @property
    def came(self) -> str:
        """The answer in a few words, with the beginning of its text where it was none to be glad of."""
        status = "no whole answer" if self.answer is None else f"HTTP {self.answer.status}"
        detail = "" if self.refusal is None else self.refusal.detail
        # The status by itself says nothing more.
        explained = f" ({detail})" if detail and detail.removeprefix("HTTP ") not in status else ""
        return f"{status}{explained}, {self.took_s:.1f} s{self._text()}"

    def _text(self) -> str:
        if self.answer is None or (self.refusal is None and self.answer.status < 400):
            return ""
        words = " ".join(self.answer.body.decode(errors="replace").split())
        readable = "".join(char if char.isprintable() else "\ufffd" for char in words)
        return f": {readable[:_SHOWN]}{'…' * (len(readable) > _SHOWN)}" if readable else ""


class _AlteredHttp:
    def __init__(self, trial: Trial, change: Change | None) -> None:
        self._http = trial.surroundings.http
        self._change = change
        self.answer: HttpAnswer | None = None

    def check_url(self, url: str) -> str:
        return self._http.check_url(url)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        if self._change is not None:
            body, headers = self._change(body, headers)
        self.answer = self._http.post(url, body, headers)
        return self.answer


class _Altered:
    """Everything else of the world is as it was."""

    def __init__(self, trial: Trial, http: _AlteredHttp, ahead_by: timedelta) -> None:
        self._surroundings = trial.surroundings
        self._ahead_by = ahead_by
        self.http = http

    def now(self) -> datetime:
        return self._surroundings.now() + self._ahead_by

    def __getattr__(self, name: str) -> object:
        return getattr(self._surroundings, name)


def sent(
    trial: Trial, message: Message, *, change: Change | None = None, ahead_by: timedelta = timedelta()
) -> Exchange:
    """What comes of sending the message, with the sender's clock `ahead_by` and the bytes as `change` makes them."""
    http = _AlteredHttp(trial, change)
    adapter = _made_again(trial, cast("Surroundings", _Altered(trial, http, ahead_by)))
    began = trial.surroundings.now()
    refusal: DeliveryError | None = None
    try:
        adapter.deliver(message, trial.bank)
    except DeliveryError as error:
        refusal = error
    took_s = (trial.surroundings.now() - began).total_seconds()
    return Exchange(answer=http.answer, refusal=refusal, took_s=took_s)


def _made_again(trial: Trial, surroundings: Surroundings) -> Adapter:
    """The bank's adapter in another world; only kinds of this package are examined."""
    made: Adapter = import_module(f"{adapters.__name__}.{trial.bank.adapter}").make(surroundings)
    return made
