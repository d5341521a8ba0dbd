"""One examination from its first message to its last: the application, requests beside it, and the withdrawal."""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from hub.banks.conformance.listening import Door, not_listened
from hub.banks.conformance.report import Check, Examine, Mark, Trial
from hub.banks.conformance.requests import asked
from hub.banks.conformance.talking import not_talked, taken, talk, withdraw
from hub.banks.port import Answering
from hub.domain.errors import Unusable

_PACKAGE = "hub.banks.conformance"
_LISTEN = "wait for it with --listen PORT"


def examined(trial: Trial, *, port: int | None, host: str, opened: Callable[[Door], None]) -> Iterator[Check]:
    """Every check, in its order, as it is done. Calls of the bank are waited for only where a `port` is given.

    `opened` is told of the door once it is open. Raises `Unusable` for a kind that has no endpoint, or a port in use.
    """
    examine = _examine_of(trial.bank.adapter)
    adapter = trial.adapter
    if not isinstance(adapter, Answering):
        yield from examine(trial)
        return
    if port is None:
        first = yield from _first_of(examine(trial))
        yield from not_listened(_LISTEN)
        yield from not_talked("what follows an offer is tried with --listen PORT")
        if first.mark is Mark.PASSED:
            yield from asked(trial, partial(taken, trial), None, why=_LISTEN)
            yield withdraw(trial)
        return
    with _open(Door(trial, adapter, host=host, port=port)) as door:
        opened(door)
        first = yield from _first_of(examine(trial))
        if first.mark is Mark.PASSED:
            door.wait(trial.wait_s or 0.0)
        yield from door.checks()
        if first.mark is Mark.PASSED:
            terms = door.offered
            yield from talk(trial, terms)
            door.settle()
            yield from asked(trial, partial(taken, trial), door, why=_LISTEN)
            yield withdraw(trial, agreed=terms is not None)


def _first_of(checks: Iterator[Check]) -> Generator[Check, None, Check]:
    """The checks, and at their end the first of them, on which all others hang."""
    found = next(checks)
    yield found
    yield from checks
    return found


def _open(door: Door) -> Door:
    try:
        door.open()
    except OSError as error:
        raise Unusable(f"it cannot listen there ({error.strerror}): choose another --listen or --host") from error
    return door


def _examine_of(kind: str) -> Examine:
    if find_spec(f"{_PACKAGE}.{kind}") is None:
        raise Unusable(f"a bank of kind {kind} has no endpoint to examine")
    # By name, so that the libraries of the other kinds are not loaded.
    examine: Examine = import_module(f"{_PACKAGE}.{kind}").examine
    return examine
