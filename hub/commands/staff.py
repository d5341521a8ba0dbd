"""`hub staff` and `hub operator`: accounts of the people who work at banks and at the hub."""

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json, say_json
from hub.domain.staff import BANK_ROLES, Role
from hub.services.accounts import staff as staff_accounts
from hub.services.accounts import teams
from hub.services.accounts.staff import ENROLMENT_LIFE, Staff
from hub.services.reading import accounts
from hub.services.reading.accounts import AccountState, StaffAccount
from hub.wiring import Hub


@click.group()
def staff() -> None:
    """People at banks: reviewers, supervisors, auditors and administrators."""


@click.group()
def operator() -> None:
    """Operators of the hub."""


_name = click.option("--name", default="", help="What colleagues call the person; their address where it is left out.")
_email = click.option("--email", required=True, help="What the person signs in with.")


def _say_link(hub: Hub, person: Staff, token: str, *, wants_json: bool) -> None:
    link = f"{hub.settings.public_url}/sign-in/enrol/{token}"
    hours = int(ENROLMENT_LIFE.total_seconds() // 3600)
    if wants_json:
        say_json({**_plain_value(person), "enrolment_link": link, "valid_hours": hours})
        return
    click.echo(f"{person.email}  {person.role}  {person.bank_code or 'hub'}")
    click.echo(f"enrolment link  {link}   (shown only now; once, within {hours} hours)")


def _plain_value(person: Staff) -> dict[str, str | None]:
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "bank": person.bank_code,
    }


def _add(role: Role, email: str, bank_code: str | None, *, name: str = "", wants_json: bool) -> None:
    with opened_hub() as hub:
        with hub.writing(OPERATOR) as tx:
            at = hub.real_clock.now()
            added, token = staff_accounts.add(tx, role=role, email=email, bank_code=bank_code, at=at, name=name)
        _say_link(hub, added, token, wants_json=wants_json)


@staff.command(name="add")
@click.option("--bank", "bank_code", required=True, help="The bank's code.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in BANK_ROLES]))
@_email
@_name
@as_json
def add_staff(bank_code: str, role: str, email: str, name: str, wants_json: bool) -> None:
    """Add an account and print its one-time enrolment link."""
    _add(Role(role), email, bank_code, name=name, wants_json=wants_json)


@operator.command(name="add")
@_email
@_name
@as_json
def add_operator(email: str, name: str, wants_json: bool) -> None:
    """Add an operator's account and print its one-time enrolment link."""
    _add(Role.OPERATOR, email, None, name=name, wants_json=wants_json)


def _renew(email: str, *, wants_json: bool) -> None:
    with opened_hub() as hub:
        with hub.writing(OPERATOR) as tx:
            person, token = staff_accounts.renew_enrolment(tx, email, at=hub.real_clock.now())
        _say_link(hub, person, token, wants_json=wants_json)


def _rename(email: str, name: str) -> None:
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        person = staff_accounts.rename(tx, email, name)
    click.echo(f"{person.email} is shown as {person.name or person.email}.")


def _remove(email: str) -> None:
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        removed = staff_accounts.remove(tx, email)
    click.echo(f"{removed.email} has no access any more.")


def _list(found: list[StaffAccount], *, wants_json: bool) -> None:
    rows = [
        {
            "email": each.email,
            "name": each.name,
            "role": each.role,
            "bank": each.bank_code,
            "team": each.team,
            "state": each.state,
            "demo": each.is_demo,
        }
        for each in found
    ]
    for row in rows_unless_json(rows, wants_json=wants_json):
        words = (
            row["email"],
            row["name"],
            row["role"],
            row["bank"] or "hub",
            row["team"],
            row["state"],
            "demo" if row["demo"] else "",
        )
        click.echo("  ".join(str(word) for word in words if word))


@staff.command(name="list")
@click.option("--bank", "bank_code", help="Only this bank's people.")
@as_json
def list_staff(bank_code: str | None, wants_json: bool) -> None:
    """List the accounts of people at banks, also of those who left."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        found = accounts.list_of_all_banks(tx) if bank_code is None else accounts.list_of_bank(tx, bank_code)
        _list(found, wants_json=wants_json)


@operator.command(name="list")
@as_json
def list_operators(wants_json: bool) -> None:
    """List the operators' accounts, also of those who left."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        _list(accounts.list_of_bank(tx, None), wants_json=wants_json)


@staff.command(name="renew")
@_email
@as_json
def renew_staff(email: str, wants_json: bool) -> None:
    """Print a fresh enrolment link; the old password, authenticator and sessions end."""
    _renew(email, wants_json=wants_json)


@operator.command(name="renew")
@_email
@as_json
def renew_operator(email: str, wants_json: bool) -> None:
    """Print a fresh enrolment link; the old password, authenticator and sessions end."""
    _renew(email, wants_json=wants_json)


@staff.command(name="rename")
@_email
@click.option("--name", required=True, help="What colleagues call the person.")
def rename_staff(email: str, name: str) -> None:
    """Give the person another name; what they did before is shown under it too."""
    _rename(email, name)


@staff.command(name="remove")
@_email
def remove_staff(email: str) -> None:
    """The person has left: no access from the next request on, and no more mail."""
    _remove(email)


@operator.command(name="remove")
@_email
def remove_operator(email: str) -> None:
    """The operator has left: no access from the next request on."""
    _remove(email)


@staff.command(name="place")
@_email
@click.option("--team", default=None, help="The team's name; in none where it is left out.")
def place_staff(email: str, team: str | None) -> None:
    """Put the person into a team of their bank, or into none."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        person = teams.place_named(tx, email, team)
    click.echo(f"{person.email} works in {team}." if team else f"{person.email} works in no team.")


@staff.group(name="team")
def team_group() -> None:
    """Teams of a bank: their supervisors lead the cases of their people."""


_bank = click.option("--bank", "bank_code", required=True, help="The bank's code.")
_team_name = click.option("--name", required=True, help="What the team is called.")


@team_group.command(name="add")
@_bank
@_team_name
def add_team(bank_code: str, name: str) -> None:
    """Add a team, with nobody in it."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        added = teams.add(tx, name, bank_code=bank_code)
    click.echo(f"{added.name}  {added.bank_code}")


@team_group.command(name="list")
@_bank
@as_json
def list_teams(bank_code: str, wants_json: bool) -> None:
    """List the bank's teams with the people in each."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        found = teams.list_of_bank(tx, bank_code)
        people = [each for each in accounts.list_of_bank(tx, bank_code) if each.state != AccountState.LEFT]
    rows = [{"name": team.name, "people": [each.email for each in people if each.team == team.name]} for team in found]
    for row in rows_unless_json(rows, wants_json=wants_json):
        click.echo("  ".join([str(row["name"]), *row["people"]]))


@team_group.command(name="rename")
@_bank
@_team_name
@click.option("--to", required=True, help="What it is called from now on.")
def rename_team(bank_code: str, name: str, to: str) -> None:
    """Give the team another name."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        known = teams.find_named(tx, name, bank_code)
        renamed = teams.rename(tx, known.id, to, bank_code=bank_code)
    click.echo(f"{name} is called {renamed.name}.")


@team_group.command(name="remove")
@_bank
@_team_name
def remove_team(bank_code: str, name: str) -> None:
    """Remove the team; its people are in none, and keep their cases."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        teams.remove(tx, teams.find_named(tx, name, bank_code).id, bank_code=bank_code)
    click.echo(f"{name} is gone.")
