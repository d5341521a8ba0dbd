"""`hub log` verifies the log's chain; `hub record` exports the whole record of a negotiation."""

from pathlib import Path

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.domain.errors import NotFound
from hub.services import records
from hub.services.transaction import HubTransaction
from storage.records import NegotiationRecord


@click.group()
def log() -> None:
    """The communications log."""


def _found(tx: HubTransaction, name: str) -> NegotiationRecord:
    negotiation = records.find(tx, name)
    if negotiation is None:
        raise NotFound
    return negotiation


@log.command()
@click.argument("negotiation", required=False)
@as_json
def verify(negotiation: str | None, wants_json: bool) -> None:
    """Recompute the chain of one negotiation, or of all; exit 1 naming the first broken entry of each."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        chosen = [_found(tx, negotiation)] if negotiation is not None else list(records.all_of_them(tx))
        found = [(each.reference, records.verify_log(tx, each.id)) for each in chosen]
    broken = [
        {"negotiation": reference, "sequence": each.sequence, "reason": each.reason}
        for reference, each in found
        if each is not None
    ]
    if wants_json:
        say_json({"verified": len(found) - len(broken), "broken": broken})
    for each in broken:
        click.echo(f"{each['negotiation']}: entry {each['sequence']} is broken ({each['reason']})", err=True)
    if broken:
        raise SystemExit(1)
    if not wants_json:
        click.echo(f"{len(found)} logs verified.")


@click.group()
def record() -> None:
    """Whole records."""


@record.command()
@click.argument("negotiation")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export(negotiation: str, output: Path) -> None:
    """Write the record of a negotiation as a ZIP that can be verified without the hub."""
    part = output.with_name(output.name + ".part")
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        found = _found(tx, negotiation)
        try:
            with part.open("wb") as out:
                records.export(tx, hub.store, found, out)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"{output}: unpack it and run python3 verify.py")
