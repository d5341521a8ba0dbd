"""`hub conformance`: what a bank's endpoint must pass before it is switched on."""

import click


@click.command()
def conformance() -> None:
    """Examine a bank's endpoint."""
