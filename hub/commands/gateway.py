"""`hub gateway`: the keys with which the hub answers those who come through the gateway."""

import click

from hub.banks.pairs.signers import SignMethod
from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.services.applications.gateway import own_key


@click.group()
def gateway() -> None:
    """The door for signed pairs."""


@gateway.command()
@click.option(
    "--sign-method",
    "methods",
    type=click.Choice([method.value for method in SignMethod]),
    multiple=True,
    help="01 RSA, 12 SM2; both where nothing is said.",
)
@as_json
def key(methods: tuple[str, ...], wants_json: bool) -> None:
    """Print the hub's public keys, and make those that are not there yet."""
    chosen = [SignMethod(each) for each in methods] or list(SignMethod)
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        keys = [own_key(tx, method) for method in chosen]
    if wants_json:
        say_json(
            [{"sign_method": each.sign_method, "cert_id": each.cert_id, "public_key": each.public_key} for each in keys]
        )
        return
    for each in keys:
        click.echo(f"sign_method {each.sign_method}  cert_id {each.cert_id}")
        click.echo(each.public_key.rstrip())
