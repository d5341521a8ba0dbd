"""`hub bank`: adding, listing, showing and setting banks, and creditors of other kinds."""

from dataclasses import fields
from datetime import time, timedelta
from typing import Any
from urllib.parse import urlsplit

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.commands.setting_words import setting_words
from hub.demo import people as demo_people
from hub.domain.bank import Bank, BankRules
from hub.domain.creditor import CreditorKind, Regulator, read_standing
from hub.domain.errors import InvalidValue
from hub.services.delivery import reconciliation
from hub.services.operating import banks
from hub.services.reading.operator.bank_settings import is_hidden
from hub.wiring import Hub


@click.group()
def bank() -> None:
    """Banks and other creditors that take applications."""


def _plain(bank: Bank) -> dict[str, Any]:
    rules = {field.name: _spelt(getattr(bank.rules, field.name)) for field in fields(BankRules)}
    own = {name: _shown(bank, name) for name in bank.settings if name not in rules}
    return {
        "code": bank.code,
        "name_zh": bank.name_zh,
        "name_en": bank.name_en,
        "kind": bank.kind,
        "licence_no": bank.standing.licence_no,
        "regulator": bank.standing.regulator,
        "adapter": bank.adapter,
        "open": bank.is_open,
        "clauses_version": bank.rules.clauses.version,
        "settings": {**rules, **own},
    }


def _spelt(value: Any) -> Any:
    """A rule's value as `hub bank set` takes it; numbers and switches stay what they are in JSON."""
    match value:
        case None:
            return ""
        case bool() | int():
            return value
        case tuple():
            return ", ".join(value)
        case time():
            return value.isoformat("minutes")
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            size, unit = next(each for each in ((1440, "d"), (60, "h"), (1, "m")) if minutes % each[0] == 0)
            return f"{minutes // size}{unit}"
    return str(value)


def _shown(bank: Bank, name: str) -> str:
    return "(set)" if is_hidden(bank, name) else bank.settings[name]


def _head(bank: Bank) -> str:
    closed = "" if bank.is_open else "  closed to new applications"
    kind = "" if bank.standing.is_bank else f"  {bank.kind}, licence {bank.standing.licence_no}"
    return f"{bank.code}  {bank.name_zh}  {bank.name_en}{kind}  adapter {bank.adapter}{closed}"


def _require_reachable(hub: Hub, words: dict[str, str]) -> None:
    """Raises `InvalidValue` for an address that no delivery would go to. It resolves names: in no transaction."""
    for key, host in (("url", _host_of(words.get("url", ""))), ("host", words.get("host"))):
        if host and hub.reach.refuses(host):
            raise InvalidValue("address_private", key=key, host=host)


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None  # its form is wrong, which its reader says


def _say(bank: Bank, *, wants_json: bool) -> None:
    if wants_json:
        say_json(_plain(bank))
        return
    click.echo(_head(bank))
    click.echo(f"  texts of agreements, version {bank.rules.clauses.version}")
    for key, value in _plain(bank)["settings"].items():
        click.echo(f"  {key} = {str(value).lower() if isinstance(value, bool) else value}")


@bank.command()
@click.option("--code", required=True, help="A bank's 8-digit institution code; of others 8 digits or capital letters.")
@click.option("--name-zh", required=True)
@click.option("--name-en", required=True)
@click.option("--kind", default="bank", show_default=True, help=f"What it is: {', '.join(CreditorKind)}.")
@click.option("--licence-no", default="", help="The number of its licence; a creditor that is no bank needs it.")
@click.option("--regulator", default="", help=f"Who supervises it: {', '.join(Regulator)}; by its kind if left out.")
@click.option("--adapter", required=True, help="How the bank is reached, e.g. portal.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Also KEY=@FILE, or KEY=- for stdin.")
@click.option("--closed", is_flag=True, help="It takes no applications before `hub bank open`.")
@as_json
def add(
    code: str,
    name_zh: str,
    name_en: str,
    kind: str,
    licence_no: str,
    regulator: str,
    adapter: str,
    settings: tuple[str, ...],
    closed: bool,
    wants_json: bool,
) -> None:
    """Add a bank or another creditor: it takes applications from now on, or with --closed once it is opened.

    Without a licence number none but a bank is taken: private lending and loan sharks are the police's matter.
    """
    words = setting_words(settings)
    with opened_hub() as hub:
        _require_reachable(hub, words)
        with hub.writing(OPERATOR) as tx:
            added = banks.add(
                tx,
                code=code,
                name_zh=name_zh,
                name_en=name_en,
                adapter=adapter,
                settings=words,
                is_open=not closed,
                standing=read_standing(kind=kind, licence_no=licence_no, regulator=regulator),
            )
            if hub.settings.is_local:
                demo_people.add_accounts(tx)
    _say(added, wants_json=wants_json)


@bank.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the banks."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = banks.list_all(tx)
    if wants_json:
        say_json([_plain(each) for each in listed])
    else:
        for each in listed:
            click.echo(_head(each))


@bank.command()
@click.argument("code")
@as_json
def show(code: str, wants_json: bool) -> None:
    """Show a bank with all its settings."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        shown = banks.of_institution(tx, code)
    _say(shown, wants_json=wants_json)


@bank.command(name="set")
@click.argument("code")
@click.argument("settings", nargs=-1, required=True, metavar="KEY=VALUE...")
@as_json
def set_(code: str, settings: tuple[str, ...], wants_json: bool) -> None:
    """Set keys of a bank beside those that are set; a clock that runs keeps the terms it was opened under.

    An empty value (KEY=) takes the key away. KEY=@FILE reads the value from a file, KEY=- from standard input, so
    that a secret is in no list of processes and no history of a shell. kind=, licence_no=, regulator=, adapter=,
    name_zh= and name_en= change what it is, and how it is reached and called: what has not arrived goes on by the new
    adapter.
    """
    words = setting_words(settings)
    with opened_hub() as hub:
        _require_reachable(hub, words)
        with hub.writing(OPERATOR) as tx:
            changed = banks.change(tx, code, words)
    _say(changed, wants_json=wants_json)


@bank.command(name="open")
@click.argument("code")
@as_json
def open_(code: str, wants_json: bool) -> None:
    """Let a bank take applications from now on."""
    _open_or_close(code, is_open=True, wants_json=wants_json)


@bank.command()
@click.argument("code")
@as_json
def close(code: str, wants_json: bool) -> None:
    """Let a bank take no new applications; what runs with it goes on."""
    _open_or_close(code, is_open=False, wants_json=wants_json)


def _open_or_close(code: str, *, is_open: bool, wants_json: bool) -> None:
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        changed = banks.open_or_close(tx, code, is_open=is_open)
    _say(changed, wants_json=wants_json)


@bank.command()
@click.argument("code")
@as_json
def reconcile(code: str, wants_json: bool) -> None:
    """Compare what was sent to a bank, acknowledged and answered; differences become tasks."""
    with opened_hub() as hub:
        with hub.reading(OPERATOR) as tx:
            code = banks.of_institution(tx, code).code
        found = reconciliation.reconcile(hub, code).plain()
    if wants_json:
        say_json(found)
        return
    for name, value in found.items():
        if name != "differences":
            click.echo(f"{name:10} {value}")
    for each in found["differences"]:
        click.echo(f"{each['reference']}  {each['kind']}  {each['detail']}")
