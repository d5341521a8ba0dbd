"""`hub client`: programs that may call the API."""

import time
from datetime import timedelta
from pathlib import Path

import click

from hub.banks.pairs.signers import SignMethod
from hub.commands.files import READABLE_FILE
from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.domain.client import Client
from hub.domain.plain import instant
from hub.services.accounts import client_accounts
from hub.services.accounts.client_accounts import MerchantWanted
from hub.services.accounts.clients import TOKEN_KNOWN_FOR
from hub.services.notifications import client_notices


@click.group()
def client() -> None:
    """API clients: host apps, and banks' own programs."""


@client.command()
@click.option("--name", required=True)
@click.option("--scope", "scopes", multiple=True, required=True, metavar="SCOPE")
@click.option("--bank", "bank_code", help="The bank that the client is bound to.")
@click.option("--mer-id", help="The client's number at the gateway, which it may then use as well.")
@click.option(
    "--public-key",
    type=READABLE_FILE,
    help="PEM file of the key that verifies the client's messages to the gateway.",
)
@click.option(
    "--sign-method",
    type=click.Choice([method.value for method in SignMethod]),
    default=SignMethod.RSA.value,
    help="How the client and the hub sign there: 01 RSA, 12 SM2. 01 where nothing is said.",
)
@as_json
def add(
    name: str,
    scopes: tuple[str, ...],
    bank_code: str | None,
    mer_id: str | None,
    public_key: Path | None,
    sign_method: str,
    wants_json: bool,
) -> None:
    """Add a client and print its secret, this once."""
    if (mer_id is None) != (public_key is None):
        raise click.UsageError("--mer-id and --public-key belong together: give both, or neither.")
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        added, secret = client_accounts.add(tx, name=name, scopes=scopes, bank_code=bank_code)
        shown = {"client_id": added.id, "client_secret": secret}
        if mer_id is not None and public_key is not None:
            wanted = MerchantWanted(mer_id=mer_id, public_key=public_key.read_bytes(), method=SignMethod(sign_method))
            key = client_accounts.add_merchant(tx, added, wanted)
            shown |= {"hub_cert_id": key.cert_id, "hub_public_key": key.public_key}
    if wants_json:
        say_json(shown)
        return
    click.echo(f"client_id      {added.id}")
    click.echo(f"client_secret  {secret}   (shown only now)")
    if "hub_cert_id" in shown:
        click.echo(f"hub_cert_id    {shown['hub_cert_id']}")
        click.echo(shown["hub_public_key"].rstrip())


@client.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the clients, without their secrets."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = client_accounts.list_all(tx)
    if wants_json:
        say_json(
            [
                {
                    "client_id": each.id,
                    "name": each.name,
                    "scopes": sorted(each.scopes),
                    "bank": each.bank_code,
                    "disabled_at": None if each.disabled_at is None else instant(each.disabled_at),
                }
                for each in listed
            ]
        )
        return
    for each in listed:
        disabled = "" if each.disabled_at is None else "  disabled"
        click.echo(f"{each.id}  {each.name}  {' '.join(sorted(each.scopes))}  {each.bank_code or ''}{disabled}")


@client.command(name="tell-again")
@click.argument("name")
def tell_again(name: str) -> None:
    """Tell a client once more of the changes that it did not take for days."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        again = client_notices.tell_again(tx, name)
    click.echo(f"{name}: {again} notices wait again." if again else f"Nothing waits to be told {name} again.")


@client.command(name="set")
@click.argument("name")
@click.option("--notify-url", metavar="URL", help="Where it is told of changes; empty for nowhere.")
@click.option(
    "--public-key",
    type=READABLE_FILE,
    help="PEM file of the key that verifies its messages to the gateway from now on.",
)
@click.option(
    "--sign-method",
    type=click.Choice([method.value for method in SignMethod]),
    help="With --public-key: how it signs there from now on; as before where nothing is said.",
)
@as_json
def set_(name: str, notify_url: str | None, public_key: Path | None, sign_method: str | None, wants_json: bool) -> None:
    """Tell a client of each change of its negotiations, or give it another key at the gateway.

    The secret that signs what it is told is printed this once.
    """
    if notify_url is None and public_key is None:
        raise click.UsageError("give --notify-url or --public-key.")
    if sign_method is not None and public_key is None:
        raise click.UsageError("--sign-method goes with --public-key.")
    shown: dict[str, str | None] = {"name": name}
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        if notify_url is not None:
            shown["notify_url"] = notify_url.strip() or None
            shown["notify_secret"] = client_notices.set_url(tx, hub.http, name, shown["notify_url"])
        if public_key is not None:
            method = None if sign_method is None else SignMethod(sign_method)
            key = client_accounts.set_public_key(tx, name, public_key.read_bytes(), method=method)
            shown |= {"hub_cert_id": key.cert_id, "hub_public_key": key.public_key}
    if wants_json:
        say_json(shown)
        return
    if notify_url is not None and shown["notify_secret"] is None:
        click.echo(f"{name} is told of nothing any more.")
    elif notify_url is not None:
        click.echo(f"notify_url     {shown['notify_url']}")
        click.echo(f"notify_secret  {shown['notify_secret']}   (shown only now)")
    if public_key is not None:
        click.echo(f"{name} signs for the new key from now on; the hub answers it with")
        click.echo(f"hub_cert_id    {shown['hub_cert_id']}")
        click.echo(str(shown["hub_public_key"]).rstrip())


@client.command()
@click.argument("name")
@click.option(
    "--overlap",
    "overlap_hours",
    type=click.IntRange(0, 24 * 30),
    default=24,
    show_default=True,
    metavar="HOURS",
    help="How long the old secret is good beside the new one; 0 ends it and its tokens at once.",
)
@as_json
def renew(name: str, overlap_hours: int, wants_json: bool) -> None:
    """Give a client a new secret and print it, this once."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        renewed, secret = client_accounts.renew(tx, name, overlap=timedelta(hours=overlap_hours))
    if not overlap_hours:
        _wait_until_forgotten()
    _say_secret(renewed, secret, wants_json=wants_json)
    if not wants_json and overlap_hours:
        click.echo(f"The old secret is good for {overlap_hours} hours more.")


@client.command()
@click.argument("name")
def disable(name: str) -> None:
    """Stop a client: its secret, tokens, launches and the sessions that came of them open nothing any more."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        disabled = client_accounts.disable(tx, name)
    _wait_until_forgotten()
    click.echo(
        f"{disabled.name} is disabled. What it made goes on; `hub client enable {disabled.name}` lets it in again."
    )


@client.command()
@click.argument("name")
@as_json
def enable(name: str, wants_json: bool) -> None:
    """Let a disabled client in again, with a new secret that is printed this once."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        enabled, secret = client_accounts.enable(tx, name)
    _say_secret(enabled, secret, wants_json=wants_json)


def _wait_until_forgotten() -> None:
    """Every process has forgotten whose the ended tokens were."""
    time.sleep(TOKEN_KNOWN_FOR.total_seconds())


def _say_secret(of: Client, secret: str, *, wants_json: bool) -> None:
    if wants_json:
        say_json({"client_id": of.id, "client_secret": secret})
        return
    click.echo(f"client_id      {of.id}")
    click.echo(f"client_secret  {secret}   (shown only now)")
