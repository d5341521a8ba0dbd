"""`hub client`: programs that may call the API."""

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.services import client_accounts as client_deeds


@click.group()
def client() -> None:
    """API clients: host apps, and banks' own programs."""


@client.command()
@click.option("--name", required=True)
@click.option("--scope", "scopes", multiple=True, required=True, metavar="SCOPE")
@click.option("--bank", "bank_code", help="The bank that the client is bound to.")
@as_json
def add(name: str, scopes: tuple[str, ...], bank_code: str | None, wants_json: bool) -> None:
    """Add a client and print its secret, this once."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        added, secret = client_deeds.add(tx, name=name, scopes=scopes, bank_code=bank_code)
    if wants_json:
        say_json({"client_id": added.id, "client_secret": secret})
        return
    click.echo(f"client_id      {added.id}")
    click.echo(f"client_secret  {secret}   (shown only now)")


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
