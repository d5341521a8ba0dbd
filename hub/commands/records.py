"""`hub log` verifies the log's chain; `hub record` exports the whole record of a negotiation."""

import os
from pathlib import Path
from typing import BinaryIO

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.services.documents import records

NO_REASON = "none given"


@click.group()
def log() -> None:
    """The communications log."""


@log.command()
@click.argument("negotiation", required=False)
@as_json
def verify(negotiation: str | None, wants_json: bool) -> None:
    """Recompute the chain of one negotiation, or of all; exit 1 naming the first broken entry of each."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        found = records.verify_logs(tx, negotiation)
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


def _opened_for_its_owner(path: Path) -> BinaryIO:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@click.group()
def record() -> None:
    """Whole records."""


@record.command()
@click.argument("negotiation")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--reason", default=NO_REASON, show_default=True, help="Why, for the audit and the person's own page.")
def export(negotiation: str, output: Path, reason: str) -> None:
    """Write the record of a negotiation as a ZIP that can be verified without the hub.

    The file is its owner's alone to read. The export is on record, with the reason.
    """
    part = output.with_name(output.name + ".part")
    with opened_hub() as hub:
        try:
            gathered = records.gather_whole(
                hub,
                OPERATOR,
                hub.print_pdf,
                hub.store,
                lambda tx: records.gather_named(tx, hub.store, negotiation),
            )
            with _opened_for_its_owner(part) as out:
                gathered.write(out)
            with hub.writing(OPERATOR) as tx:
                records.note_export(tx, negotiation, reason)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"{output}: unpack it and run python3 verify.py")
