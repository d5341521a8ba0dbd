"""`hub bank`: adding, listing, showing and setting banks."""

import re
from dataclasses import fields
from typing import Any

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.commands.setting_words import setting_words
from hub.domain.bank import Bank, BankRules
from hub.services import banks as bank_deeds
from hub.services import reconciliation


@click.group()
def bank() -> None:
    """Banks that take applications."""


def _plain(bank: Bank) -> dict[str, Any]:
    rules = {
        field.name: str(getattr(bank.rules, field.name))
        if not isinstance(getattr(bank.rules, field.name), (bool, int))
        else getattr(bank.rules, field.name)
        for field in fields(BankRules)
    }
    rules["closes_at"] = bank.rules.closes_at.isoformat("minutes")
    own = {key: _shown(key, value) for key, value in bank.settings.items() if key not in rules}
    return {
        "code": bank.code,
        "name_zh": bank.name_zh,
        "name_en": bank.name_en,
        "adapter": bank.adapter,
        "settings": {**rules, **own},
    }


def _shown(key: str, value: str) -> str:
    return "(set)" if re.search(r"secret|password|private", key) else value


def _say(bank: Bank, *, wants_json: bool) -> None:
    if wants_json:
        say_json(_plain(bank))
        return
    click.echo(f"{bank.code}  {bank.name_zh}  {bank.name_en}  adapter {bank.adapter}")
    for key, value in _plain(bank)["settings"].items():
        click.echo(f"  {key} = {value}")


@bank.command()
@click.option("--code", required=True, help="The 8-digit institution code.")
@click.option("--name-zh", required=True)
@click.option("--name-en", required=True)
@click.option("--adapter", required=True, help="How the bank is reached, e.g. portal.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Also KEY=@FILE, or KEY=- for stdin.")
@as_json
def add(code: str, name_zh: str, name_en: str, adapter: str, settings: tuple[str, ...], wants_json: bool) -> None:
    """Add a bank: it takes applications from now on."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        added = bank_deeds.add(
            tx, code=code, name_zh=name_zh, name_en=name_en, adapter=adapter, settings=setting_words(settings)
        )
    _say(added, wants_json=wants_json)


@bank.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the banks."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = bank_deeds.list_all(tx)
    if wants_json:
        say_json([_plain(each) for each in listed])
        return
    for each in listed:
        click.echo(f"{each.code}  {each.name_zh}  {each.name_en}  adapter {each.adapter}")


@bank.command()
@click.argument("code")
@as_json
def show(code: str, wants_json: bool) -> None:
    """Show a bank with all its settings."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        shown = bank_deeds.get(tx, code)
    _say(shown, wants_json=wants_json)


@bank.command(name="set")
@click.argument("code")
@click.argument("settings", nargs=-1, required=True, metavar="KEY=VALUE...")
@as_json
def set_(code: str, settings: tuple[str, ...], wants_json: bool) -> None:
    """Set keys of a bank beside those that are set; a clock that runs keeps the terms it was opened under.

    An empty value (KEY=) takes the key away. KEY=@FILE reads the value from a file, KEY=- from standard input, so
    that a secret is in no list of processes and no history of a shell.
    """
    words = setting_words(settings)
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        changed = bank_deeds.change(tx, code, words)
    _say(changed, wants_json=wants_json)


@bank.command()
@click.argument("code")
@as_json
def reconcile(code: str, wants_json: bool) -> None:
    """Compare what was sent to a bank, acknowledged and answered; differences become tasks."""
    with opened_hub() as hub:
        with hub.reading(OPERATOR) as tx:
            bank_deeds.get(tx, code)
        found = reconciliation.reconcile(hub, code).plain()
    if wants_json:
        say_json(found)
        return
    for name, value in found.items():
        if name != "differences":
            click.echo(f"{name:10} {value}")
    for each in found["differences"]:
        click.echo(f"{each['reference']}  {each['kind']}  {each['detail']}")
