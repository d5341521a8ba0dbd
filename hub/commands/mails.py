"""`hub mail bounce`: what a mail server pipes in when a mail of the hub's could not be delivered."""

import sys

import click

from hub.commands.opened import opened_hub
from hub.domain.actor import HUB
from hub.domain.errors import Malformed
from hub.mail.bounces import Report, read_report
from hub.services.notifications import bounces
from hub.services.notifications.bounces import Bounced

# What a mail server understands of a program that it hands a mail to (sysexits.h). This mail is none for us.
EX_DATAERR = 65
# The mail server should try again later.
EX_TEMPFAIL = 75
# A report begins with what matters; a mail of ours that comes back behind it may be large.
MOST_READ = 1024 * 1024

_REFUSED = {
    "no_report": "this is no report of a mail server about a mail (multipart/report, RFC 3464)",
    "no_message_id": "the report does not say which mail it is about (no Message-ID)",
}
_ANSWERS = {
    Bounced.DELIVERY: "The bank did not get its message; an operator is told.",
    Bounced.MAIL: "The mail is on record as not received.",
    Bounced.NOTHING: "Nothing to do.",
}


@click.group()
def mail() -> None:
    """Mails."""


@mail.command()
def bounce() -> None:
    """Read one report of a mail server from standard input, as an alias pipes it: `no-reply: "|hub mail bounce"`.

    Ends with 65 where the mail is no report about a mail of this hub, and with 75 where the hub cannot work just now;
    nothing is changed then.
    """
    report = _report()
    try:
        with opened_hub() as hub, hub.writing(HUB) as tx:
            found = bounces.record(tx, report)
    except click.ClickException as error:
        raise _NotNow(error.message) from error
    if found == Bounced.UNKNOWN:
        raise _NotTaken("the mail that the report is about is not one of this hub")
    click.echo(_ANSWERS[found])


def _report() -> Report:
    given = sys.stdin.buffer
    content = given.read(MOST_READ)
    while given.read(MOST_READ):
        # A mail server that cannot hand over the rest would take that for a failure.
        continue
    try:
        return read_report(content)
    except Malformed as error:
        raise _NotTaken(_REFUSED[error.code]) from error


class _NotNow(click.ClickException):
    exit_code = EX_TEMPFAIL


class _NotTaken(click.ClickException):
    exit_code = EX_DATAERR

    def __init__(self, why: str) -> None:
        super().__init__(f"Not taken: {why}.")
