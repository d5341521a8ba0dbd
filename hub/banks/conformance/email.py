"""The checks of an `email` bank: the mail server takes mail for the desk. Whether it arrives, only the desk can say."""

from collections.abc import Iterator
from functools import partial

from hub.banks.conformance.application import REFERENCE, submitted, withdrawn, worded
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.conformance.requests import asked
from hub.banks.port import Message
from hub.domain.errors import DeliveryError

_PEOPLE = "its people act in the portal, where there is no such case: let them sign in and look at a real one"


def examine(trial: Trial) -> Iterator[Check]:
    """The checks, in their order."""
    enclosed = " with the locked PDF" if trial.bank.settings.get("attach_pdf") == "true" else ""
    first = _taken(trial, f"the mail server takes mail for the desk{enclosed}", submitted(trial))
    yield first
    if not first.to_do:
        yield _taken(trial, f"the mail server takes a message with a file{enclosed}", worded(trial))
        yield _taken(trial, "the mail server takes the withdrawal of the test application", withdrawn(trial))
        yield from asked(trial, partial(_taken, trial), None, why=_PEOPLE)
    yield not_asked(
        "the desk has the mails",
        expected=f"mails about {REFERENCE} are in the mailbox, and their PDF opens with the password",
        why="ask the desk whether they came, and not among the unwanted",
    )
    yield not_asked("acknowledges, decides, takes counter-offers, acceptances and ends", expected="", why=_PEOPLE)


def _taken(trial: Trial, name: str, message: Message) -> Check:
    try:
        came, passed = trial.adapter.deliver(message, trial.bank).detail, True
    except DeliveryError as error:
        came, passed = error.detail, False
    return judged(
        name,
        passed=passed and "without the" not in came,
        expected=f"a mail to {trial.bank.settings.get('desk_email')} is taken",
        came=came,
        to_do="Look at desk_email and HUB_SMTP_URL; the server's own words stand above.",
    )
