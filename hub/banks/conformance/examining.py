"""One examination from its first message to its last: what the bank takes, what it says, and the withdrawal."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from hub.banks.conformance.listening import Door, not_listened
from hub.banks.conformance.report import Check, Examine, Mark, Trial
from hub.banks.conformance.withdrawal import withdraw
from hub.banks.port import Answering
from hub.domain.errors import Unusable

_PACKAGE = "hub.banks.conformance"


def examined(
    trial: Trial, *, port: int | None, host: str, wait_s: float, opened: Callable[[Door], None]
) -> Iterator[Check]:
    """Every check, in its order, as it is done. What the bank says is waited for only where a `port` is given.

    `opened` is told of the door once it is open. Raises `Unusable` for a kind that has no endpoint, or a port in use.
    """
    examine = _examine_of(trial.bank.adapter)
    adapter = trial.adapter
    if not isinstance(adapter, Answering):
        yield from examine(trial)
        yield from not_listened("a bank of this kind does not call the hub")
        return
    checks: list[Check] = []
    if port is None:
        for check in examine(trial):
            checks.append(check)
            yield check
        yield from not_listened("wait for it with --listen PORT")
    else:
        with _open(Door(trial, adapter, host=host, port=port)) as door:
            opened(door)
            for check in examine(trial):
                checks.append(check)
                yield check
            if checks[0].mark is Mark.PASSED:
                door.wait(wait_s)
            yield from door.checks()
    if checks[0].mark is Mark.PASSED:
        yield withdraw(trial)


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
