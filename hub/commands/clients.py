"""`hub client`: programs that may call the API."""

from pathlib import Path

import click

from hub.banks.signers import SignMethod
from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.services import client_accounts as client_deeds
from hub.services import client_notices
from hub.services.client_accounts import MerchantWanted


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
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
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
        added, secret = client_deeds.add(tx, name=name, scopes=scopes, bank_code=bank_code)
        told = {"client_id": added.id, "client_secret": secret}
        if mer_id is not None and public_key is not None:
            wanted = MerchantWanted(mer_id=mer_id, public_key=public_key.read_bytes(), method=SignMethod(sign_method))
            key = client_deeds.add_merchant(tx, added, wanted)
            told |= {"hub_cert_id": key.cert_id, "hub_public_key": key.public_key}
    if wants_json:
        say_json(told)
        return
    click.echo(f"client_id      {added.id}")
    click.echo(f"client_secret  {secret}   (shown only now)")
    if "hub_cert_id" in told:
        click.echo(f"hub_cert_id    {told['hub_cert_id']}")
        click.echo(told["hub_public_key"].rstrip())


@client.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the clients, without their secrets."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = client_deeds.list_all(tx)
    if wants_json:
        say_json(
            [
                {"client_id": each.id, "name": each.name, "scopes": sorted(each.scopes), "bank": each.bank_code}
                for each in listed
            ]
        )
        return
    for each in listed:
        click.echo(f"{each.id}  {each.name}  {' '.join(sorted(each.scopes))}  {each.bank_code or ''}")


@client.command(name="tell-again")
@click.argument("name")
def tell_again(name: str) -> None:
    """Tell a client once more of the changes that it did not take for days."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        told = client_notices.tell_again(tx, name)
    click.echo(f"{name}: {told} notices wait again." if told else f"Nothing waits to be told {name} again.")


@client.command(name="set")
@click.argument("name")
@click.option("--notify-url", required=True, metavar="URL", help="Where it is told of changes; empty for nowhere.")
@as_json
def set_(name: str, notify_url: str, wants_json: bool) -> None:
    """Tell a client of each change of its negotiations, and print the secret that signs it, this once."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        secret = client_notices.set_url(tx, hub.http, name, notify_url.strip() or None)
    if wants_json:
        say_json({"name": name, "notify_url": notify_url.strip() or None, "notify_secret": secret})
    elif secret is None:
        click.echo(f"{name} is told of nothing any more.")
    else:
        click.echo(f"notify_url     {notify_url.strip()}")
        click.echo(f"notify_secret  {secret}   (shown only now)")
