"""How a simulated bank behaves: what it decides, how its system answers, and how it tells what it decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hub.banks.simulator.port import Does, Way
from hub.domain.errors import Unusable


class Decision(StrEnum):
    """What the bank says to an application."""

    ACCEPT = "accept"  # acknowledges it, then offers what was proposed
    COUNTER_OFFER = "counter-offer"  # offers something else, then agrees to the cardholder's counter-offer
    ASK = "ask"  # asks for evidence, then offers what was proposed
    REJECT = "reject"
    SILENT = "silent"  # takes it and says nothing


class Telling(StrEnum):
    """How the bank's system tells the hub, beside or instead of telling each thing once and properly."""

    DUPLICATE = "duplicate"  # each event twice
    OUT_OF_ORDER = "out-of-order"  # the offer before the acknowledgement, and an event that comes too late
    FORGED = "forged"  # each event first under a signature that is not the bank's
    LATE = "late"  # each event first with a stamp that is too old
    AHEAD = "ahead"  # each event first with a stamp of the future
    REPLAYED = "replayed"  # each event's id used again for something else
    STRAY = "stray"  # each event also about a negotiation that nobody knows
    GARBLED = "garbled"  # each event first with a control file that does not agree
    TWICE = "twice"  # each message is handled anew whenever it comes again, and told under other ids


WAYS = {Telling.FORGED: Way.FORGED, Telling.LATE: Way.STALE, Telling.AHEAD: Way.AHEAD, Telling.GARBLED: Way.GARBLED}
_SLOW = "slow"
_SLOW_S = 20.0
# What may stand behind each as `=N`: of how many attempts of each message it holds.
_COUNTED = (Does.FAIL, Does.HTML, Does.ENDLESS, Does.CUT, Does.IN_PROCESS)
_LINES = {
    "accept": "acknowledges, then offers what was proposed (unless another is chosen)",
    "counter-offer": "offers something else, then agrees to a counter-offer",
    "ask": "asks for evidence, then offers what was proposed",
    "reject": "says no",
    "silent": "takes messages and says nothing",
    "slow[=S]": f"answers after S seconds ({_SLOW_S:g})",
    "fail[=N]": "fails, the first N attempts of each message or always",
    "refuse[=CODE]": "refuses messages, with CODE where the kind has several",
    "html[=N]": "answers with a page, as a gateway in front of it would",
    "endless[=N]": "never ends its answer",
    "cut[=N]": "takes the message and cuts the connection in place of the answer",
    "in-process[=N]": "takes the message and has not decided (2)",
    "duplicate": "tells each thing twice",
    "out-of-order": "offers before it acknowledges, and asks for evidence afterwards",
    "forged": "tells each thing first under a wrong signature",
    "late": "tells each thing first with an old stamp",
    "ahead": "tells each thing first with a stamp of the future",
    "replayed": "uses each id again for something else",
    "stray": "tells each thing also of a negotiation that nobody knows",
    "garbled": "lays each thing out first with a control file that does not agree",
    "twice": "handles a message again whenever it comes again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How a bank behaves. `does` holds for the first `times` attempts of each message, None for all."""

    decision: Decision = Decision.ACCEPT
    does: Does = Does.TAKE
    times: int | None = None
    word: str = ""
    slow_s: float = 0.0
    telling: frozenset[Telling] = frozenset()


def read_conduct(words: Iterable[str]) -> Conduct:
    """The conduct that words like `ask,fail=2` name; raises `Unusable` naming those there are."""
    decisions: list[Decision] = []
    does, times, word, slow_s = Does.TAKE, None, "", 0.0
    telling: set[Telling] = set()
    for each in ",".join(words).replace(",", " ").split():
        name, _, value = each.partition("=")
        if name in set(Decision) and not value:
            decisions.append(Decision(name))
        elif name in set(Telling) and not value:
            telling.add(Telling(name))
        elif name == _SLOW:
            slow_s = _number(each, value or str(_SLOW_S))
        elif name in set(Does) - {Does.TAKE} and does is Does.TAKE:
            does = Does(name)
            if does in _COUNTED:
                times = int(_number(each, value)) if value else _usual_times(does)
            word = value
        else:
            raise _unknown(each)
    if len(decisions) > 1:
        raise Unusable(f"a bank cannot {' and '.join(decisions)} at once: choose one")
    return Conduct(
        decision=decisions[0] if decisions else Decision.ACCEPT,
        does=does,
        times=times,
        word=word,
        slow_s=slow_s,
        telling=frozenset(telling),
    )


def behaviours() -> str:
    """Each behaviour and what it means, a line each."""
    return "\n".join(f"  {name:<15} {meaning}" for name, meaning in _LINES.items())


def _usual_times(does: Does) -> int | None:
    return 2 if does is Does.IN_PROCESS else None


def _number(word: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise _unknown(word) from error
    if not 0 <= number <= 86_400:
        raise _unknown(word)
    return number


def _unknown(word: str) -> Unusable:
    return Unusable(
        f"{word!r} is no behaviour, or one beside another that it does not go with; there are: {', '.join(_LINES)}"
    )
