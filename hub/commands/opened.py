"""A hub for one command: opened from the environment, brought up to date, closed; errors as one line."""

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hub import health
from hub.commands.addresses import last_served
from hub.commands.files import user
from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import HubError, InvalidValue, NotFound, Refused, StatusConflict, Unavailable, Unusable
from hub.domain.plain import Plain
from hub.findings import Part, State
from hub.health.database_words import TO_DO
from hub.services.accounts import demo_accounts
from hub.web.sentences import sentence
from hub.wiring import Hub, hub_from_environment
from storage.database_errors import is_of_sqlite, reason_of

OPERATOR = Actor(party=Party.HUB, id=f"command/{user()}", channel=Channel.SYSTEM)


def one_line(error: HubError) -> str:
    """What went wrong and what to do, in a line."""
    match error:
        case Refused():
            parts = [f"{fault.pointer}: {sentence(fault.code, fault.params, 'en')}" for fault in error.faults]
            return " ".join(parts)
        case InvalidValue():
            key = error.params.get("key")
            words = sentence(error.code, error.params, "en")
            return words if key is None else f"{key}: {words}"
        case NotFound():
            return "There is no such thing; check the code, id or reference."
        case StatusConflict():
            return f"In status {error.status} this cannot be done ({error.event})."
        case Unavailable() | Unusable():
            return _of_database(str(error), error) if isinstance(error, Unavailable) else str(error)
        case _:
            return f"{type(error).__name__}: {error}"


@contextmanager
def errors_as_one_line() -> Iterator[None]:
    """An error raised on purpose, by the database or by a file ends the command with one line on standard error.

    The status is 1.
    """
    try:
        yield
    except HubError as error:
        raise click.ClickException(" ".join(one_line(error).split())) from error
    except SQLAlchemyError as error:
        # The driver's own words can hold a password, or the row it was about; its kind does not.
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise click.ClickException(_of_database(reason_of(cause), error)) from error
    except BrokenPipeError:
        # Whoever read has enough, as with `| head`.
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        to_do = "make room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "choose another place"
        raise click.ClickException(f"{error.filename or 'A file'}: {reason}; {to_do}.") from error


def _of_database(reason: str, error: Exception) -> str:
    """What is wrong with the database and what to do, by the word that `Unavailable` has for it."""
    if reason in TO_DO:
        return f"The database cannot be used ({reason}): {TO_DO[reason]}."
    folder = ", or the hub's folder HUB_HOME" if is_of_sqlite(error) else ""
    return f"The database cannot be used ({reason}); check HUB_DATABASE_URL{folder}."


@contextmanager
def opened_hub(*, up_to_date: bool = True, public_url: str | None = None) -> Iterator[Hub]:
    """The hub of the environment, its database up to date unless `up_to_date` is False; closed afterwards.

    `public_url` is where links lead instead of where the hub was served last; only an embedded hub takes either.
    """
    with errors_as_one_line():
        hub = hub_from_environment(public_url=public_url or last_served())
        try:
            if up_to_date:
                hub.require_up_to_date()
            yield hub
        finally:
            hub.close()


def check_production(hub: Hub) -> None:
    """Raises `Unusable` in production where somebody could come in without a password.

    Says on standard error where PostgreSQL does not keep the rows of one bank from another.
    """
    if hub.settings.embedded:
        return
    with hub.reading(OPERATOR) as tx:
        demo_accounts.require_no_demo(tx)
    walls = health.look(hub, Part.WALLS)
    if walls.state != State.FINE:
        click.echo(f"WARNING: {Part.WALLS}: {walls.detail}", err=True)


def say_json(data: Any) -> None:
    """`data` on standard output, as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def rows_unless_json(rows: list[Plain], *, wants_json: bool) -> list[Plain]:
    """The rows, for a line each; none where JSON is wanted, as which they were said."""
    if not wants_json:
        return rows
    say_json(rows)
    return []


def as_json(command: Any) -> Any:
    """Gives a command the switch `--json`."""
    return click.option("--json", "wants_json", is_flag=True, help="Print JSON.")(command)


def key_values(words: tuple[str, ...]) -> dict[str, str]:
    """`KEY=VALUE` words as a mapping; anything else is a usage error."""
    pairs = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise click.UsageError(f"{word!r} is not KEY=VALUE.")
        if key in pairs:
            raise click.UsageError(f"{key} is given twice.")
        pairs[key] = value
    return pairs
