"""What was examined and what came of it, as values; how it reads is the command's to say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hub.banks.port import Adapter, Refusal, Surroundings
from hub.domain.bank import Bank
from hub.domain.errors import HubError
from hub.domain.plain import Plain


class Mark(StrEnum):
    """What came of a check."""

    PASSED = "pass"
    FAILED = "FAIL"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was examined: what it is, what was expected, what came, and what to do where they differ."""

    name: str
    mark: Mark
    expected: str
    came: str = ""
    to_do: str = ""

    def plain(self) -> Plain:
        """The check as JSON data."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One examination of a bank. `new_id` makes 32 letters and digits that nobody used.

    `hub_url` is where the bank fetches evidence. `wait_s` is how long what it says is waited for at most, None where
    nobody waits. `refusal_of` words an error as the hub would, after the headers of the call.
    """

    bank: Bank
    adapter: Adapter
    surroundings: Surroundings
    negotiation: str
    started_at: datetime
    new_id: Callable[[], str]
    hub_url: str
    refusal_of: Callable[[HubError, Mapping[str, str]], Refusal]
    wait_s: float | None = None


class Examine(Protocol):
    """What a module of this package offers as `examine`: the checks of one kind, in their order, each as it is done."""

    def __call__(self, trial: Trial) -> Iterator[Check]:
        """The checks; what cannot be examined because another failed is marked as not asked."""
        ...


def judged(name: str, *, passed: bool, expected: str, came: str, to_do: str) -> Check:
    """The check, passed or failed; what to do stands only where it failed."""
    mark = Mark.PASSED if passed else Mark.FAILED
    return Check(name=name, mark=mark, expected=expected, came=came, to_do="" if passed else to_do)


def not_asked(name: str, *, expected: str, why: str) -> Check:
    """A check that was not made."""
    return Check(name=name, mark=Mark.NOT_ASKED, expected=expected, came=why)
