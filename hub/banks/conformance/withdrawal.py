"""The end of an examination: the test application is withdrawn, so that nobody at the bank works on it."""

from hub.banks.conformance.altered import sent
from hub.banks.conformance.application import withdrawn
from hub.banks.conformance.report import Check, Trial, judged
from hub.domain.errors import InProcess


def withdraw(trial: Trial) -> Check:
    """The bank has heard that the test application is withdrawn, or has not taken that."""
    last = sent(trial, withdrawn(trial))
    return judged(
        "takes the withdrawal of the test application",
        passed=last.refusal is None or isinstance(last.refusal, InProcess),
        expected="taken as the application was",
        came=last.came,
        to_do="Take every type of message: submitted, message, counter_offered, accepted, withdrawn.",
    )
