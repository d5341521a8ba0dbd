"""`hub partner`: licensed lenders that people may be pointed to."""

from dataclasses import replace
from typing import Any

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.commands.setting_words import setting_words
from hub.domain.errors import Refused
from hub.domain.plain import Plain, to_plain
from hub.domain.referral_partner import KeptPartner, ReferralPartner
from hub.services.referrals import partners
from hub.wiring import Hub
from schemas.referrals import load_partner

_NUMBERS = ("example_principal_fen", "example_cost_fen", "example_months")


@click.group()
def partner() -> None:
    """Licensed lenders that people may be pointed to; no fee is taken, and they stand by name."""


def _written(words: dict[str, str]) -> dict[str, Any]:
    """The words as the schema reads them: numbers as such, kinds parted by commas."""
    data: dict[str, Any] = dict(words)
    for name in _NUMBERS:
        if data.get(name, "").isdecimal():
            data[name] = int(data[name])
    if "kinds" in data:
        data["kinds"] = [each.strip() for each in data["kinds"].split(",") if each.strip()]
    return data


def _words_of(kept: KeptPartner) -> dict[str, Any]:
    plain = to_plain(kept.partner)
    example = plain.pop("example")
    return {**plain, **{f"example_{name}": value for name, value in example.items()}}


def _checked(hub: Hub, data: dict[str, Any]) -> ReferralPartner:
    read = load_partner(data).value_or_refuse()
    faults = partners.address_faults(hub.http, hub.reach.refuses, read)
    if faults:
        raise Refused(*faults)
    return read


def _say(kept: KeptPartner, *, wants_json: bool) -> None:
    shown: Plain = partners.plain(kept)
    if wants_json:
        say_json(shown)
        return
    click.echo(_head(kept))
    for name, value in _words_of(kept).items():
        text = ", ".join(value) if isinstance(value, list) else str(value)
        click.echo(f"  {name} = {text}")


def _head(kept: KeptPartner) -> str:
    each = kept.partner
    notes = ("  switched off" if kept.off_at else "") + ("" if kept.has_secret else "  without a secret")
    return f"{each.code}  {each.name_zh}  {each.name_en}  licence {each.licence_no}{notes}"


@partner.command()
@click.argument("code")
@click.argument("words", nargs=-1, required=True, metavar="KEY=VALUE...")
@as_json
def add(code: str, words: tuple[str, ...], wants_json: bool) -> None:
    """Add a partner and print the secret that both sides sign with, this once.

    Keys: name_zh, name_en, licence_no, kinds (at_the_end, instalments), max_annual_percent, example_principal_fen,
    example_cost_fen, example_months, url (its page for people), handover_url (where it takes what is handed over).
    """
    data = {**_written(setting_words(words)), "code": code}
    with opened_hub() as hub:
        added = _checked(hub, data)
        with hub.writing(OPERATOR) as tx:
            partners.add(tx, added)
            secret = partners.renew_secret(tx, code)
    if wants_json:
        say_json({"code": code, "secret": secret})
    else:
        click.echo(f"code    {code}\nsecret  {secret}")


@partner.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the partners by name."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = partners.list_all(tx)
    if wants_json:
        say_json([partners.plain(each) for each in listed])
    else:
        for each in listed:
            click.echo(_head(each))


@partner.command()
@click.argument("code")
@as_json
def show(code: str, wants_json: bool) -> None:
    """Show a partner; its secret is never shown."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        kept = partners.get(tx, code)
    _say(kept, wants_json=wants_json)


@partner.command(name="set")
@click.argument("code")
@click.argument("words", nargs=-1, required=True, metavar="KEY=VALUE...")
@as_json
def set_(code: str, words: tuple[str, ...], wants_json: bool) -> None:
    """Change keys of a partner beside those that are set."""
    data = _written(setting_words(words))
    with opened_hub() as hub:
        with hub.reading(OPERATOR) as tx:
            before = partners.get(tx, code)
        changed = replace(_checked(hub, {**_words_of(before), **data}), code=code)
        with hub.writing(OPERATOR) as tx:
            partners.change(tx, changed)
            kept = partners.get(tx, code)
    _say(kept, wants_json=wants_json)


@partner.command()
@click.argument("code")
@as_json
def off(code: str, wants_json: bool) -> None:
    """Show a partner to nobody any more, and give it nothing; what it has it keeps."""
    _switch(code, is_off=True, wants_json=wants_json)


@partner.command()
@click.argument("code")
@as_json
def on(code: str, wants_json: bool) -> None:
    """Show a partner again."""
    _switch(code, is_off=False, wants_json=wants_json)


def _switch(code: str, *, is_off: bool, wants_json: bool) -> None:
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        partners.switch(tx, code, is_off=is_off)
        kept = partners.get(tx, code)
    _say(kept, wants_json=wants_json)


@partner.command()
@click.argument("code")
@as_json
def renew(code: str, wants_json: bool) -> None:
    """Make a new secret and print it, this once; the one before is over."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        secret = partners.renew_secret(tx, code)
    if wants_json:
        say_json({"code": code, "secret": secret})
    else:
        click.echo(f"secret  {secret}")
