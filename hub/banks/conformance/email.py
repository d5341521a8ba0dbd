"""The checks of an `email` bank: the mail server takes mail for the desk. Whether it arrives, only the desk can say."""

from collections.abc import Iterator

from hub.banks.conformance.application import submitted
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.domain.errors import DeliveryError


def examine(trial: Trial) -> Iterator[Check]:
    """The checks, in their order."""
    came = ""
    try:
        came = trial.adapter.deliver(submitted(trial), trial.bank).detail
        passed = True
    except DeliveryError as error:
        came, passed = error.detail, False
    yield judged(
        "the mail server takes mail for the desk",
        passed=passed,
        expected=f"a mail to {trial.bank.settings.get('desk_email')} is taken",
        came=came,
        to_do="Look at desk_email and HUB_SMTP_URL; the server's own words stand above.",
    )
    yield not_asked(
        "the desk has the mail",
        expected="the mail XS-00000000-000000 is in the mailbox",
        why="ask the desk whether it came, and not among the unwanted",
    )
