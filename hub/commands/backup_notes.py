"""`hub backups`: which backups were made, checked and drilled, and noting those that other programs make."""

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json
from hub.domain.backup_note import BackupKind, BackupState
from hub.domain.plain import instant
from hub.services.backups import noting


@click.group()
def backups() -> None:
    """Which backups there are, as `hub backup` and others noted them."""


@backups.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List the backups that are on record, the newest first."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        found = noting.listed(tx)
    listed = [
        {
            "kind": each.kind,
            "made_at": instant(each.made_at),
            "bytes": each.size,
            "checked_at": None if each.checked_at is None else instant(each.checked_at),
            "drilled_at": None if each.drilled_at is None else instant(each.drilled_at),
            "state": each.state,
        }
        for each in found
    ]
    for row in rows_unless_json(listed, wants_json=wants_json):
        size = "" if row["bytes"] is None else f"  {row['bytes']} bytes"
        click.echo(f"{row['made_at']}  {row['kind']}  {row['state']}{size}")


@backups.command()
@click.option("--kind", type=click.Choice([str(each) for each in BackupKind]), required=True, help="What it is of.")
@click.option("--bytes", "size", type=click.IntRange(min=0), help="How large it is.")
@click.option(
    "--state",
    type=click.Choice([str(each) for each in BackupState]),
    default=str(BackupState.MADE),
    help="checked: it was read again, and is whole; drilled: it was restored for trial, and all was well.",
)
def note(kind: str, size: int | None, state: str) -> None:
    """Put a backup on record that another program has just made, such as pg_basebackup."""
    with opened_hub() as hub:
        at = hub.real_clock.now().replace(microsecond=0)
        with hub.writing(OPERATOR) as tx:
            noting.note_made(tx, BackupKind(kind), BackupState(state), at=at, size=size)
    click.echo(f"{instant(at)}  {kind}  {state}: on record.")
