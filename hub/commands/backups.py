"""`hub backup` and `hub restore`: the whole hub of one moment into a folder, back out of it, and trying that."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from hub.commands.files import READABLE_FILE
from hub.commands.opened import OPERATOR, as_json, errors_as_one_line, opened_hub, say_json
from hub.commands.records import LOST_BEFORE, heads_of
from hub.domain.backup import BackupFault, FaultKind, Manifest
from hub.domain.errors import HubError, KeysUnusable, Unusable
from hub.domain.log_heads import Head
from hub.services import passes
from hub.services.backups import checking, comparing, kept_heads, making, noting, restoring
from hub.services.backups.folders import OBJECTS, BackupFolder
from hub.services.backups.kept_heads import Compared
from hub.services.operating import invariants
from hub.wiring import Hub, hub_from_environment

_KEYS_APART = "The secret keys are not in it: keep HUB_SECRET_KEYS, or the file secret-keys, in another place."
_WHAT_NEXT = (
    "What each word means and what to do stands in docs/operating.md, Backup and restore. Do not restore what is not "
    "whole: take another backup, or make a new one. "
    "Where damaged_before is all that is said, and no backup has the file, the rest can be restored."
)
_MOST_NAMED = 5
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@as_json
def backup(folder: Path, wants_json: bool) -> None:
    """Write the database and the evidence of this moment to a folder, while the hub serves.

    The folder is new, empty, or holds an earlier backup of this hub: then only what is new is copied, and the earlier
    one is whole until this one is.
    """
    with opened_hub() as hub:
        kept = BackupFolder(folder.absolute())
        made = making.back_up(hub, hub.store, kept, hub.real_clock, hub_version=version("negotiated-repayment-hub"))
        with hub.writing(OPERATOR) as tx:
            noting.note_whole(tx, made)
    if wants_json:
        say_json(_summary(made))
    else:
        click.echo(_line(folder, made))
        click.echo(_KEYS_APART)
    for lost in made.gone:
        click.echo(f"erased meanwhile: {lost.table} {lost.id}", err=True)
    for lost in made.damaged:
        click.echo(f"DAMAGED in the evidence store, so not in the backup: {lost.table} {lost.id}", err=True)
    if made.damaged:
        raise SystemExit(1)


def _summary(made: Manifest) -> dict[str, Any]:
    return {
        "made_at": made.made_at,
        "revision": made.revision,
        "rows": sum(made.counts.values()),
        "objects": made.objects,
        "object_bytes": made.object_bytes,
        "keys": list(made.keys),
        "head": made.head,
        "erased_meanwhile": len(made.gone),
        "damaged": len(made.damaged),
    }


def _line(folder: Path, made: Manifest) -> str:
    head = "no head of the log yet" if made.head is None else f"head {made.head['number']} of the log"
    rows = sum(made.counts.values())
    return f"{folder}: {rows} rows, {made.objects} files, {head}, of {made.made_at}; keys {', '.join(made.keys)}"


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--check", "only_check", is_flag=True, help="Only look whether the backup is whole.")
@click.option("--drill", is_flag=True, help="Restore into a temporary folder, check everything, and remove it again.")
@click.option("--evidence", type=_FOLDER, help="With --drill: another backup, whose evidence is compared.")
@click.option("--head", "files", multiple=True, type=READABLE_FILE, help="A file with heads of the log kept outside.")
@click.option("--reason", default="", help="Why a backup is restored that does not hold a head kept outside.")
@as_json
def restore(
    folder: Path,
    only_check: bool,
    drill: bool,
    evidence: Path | None,
    files: tuple[Path, ...],
    reason: str,
    wants_json: bool,
) -> None:
    """Put a backup back into an empty hub; refused into any other."""
    if evidence is not None and not drill:
        raise click.UsageError("--evidence goes with --drill.")
    with errors_as_one_line():
        hub = hub_from_environment()
        try:
            if not hub.secret_keys.are_made:
                where = hub.settings.home / "secret-keys"
                raise KeysUnusable(
                    f"put the secret keys back first, as HUB_SECRET_KEYS or {where}; nothing was written"
                )
            source = BackupFolder(folder.absolute())
            manifest = checking.open_backup(source, hub.keyring)
            kept = [head for file in files for head in heads_of(file)]
            if only_check:
                faults = list(checking.faults_of(source, manifest))
                compared = Compared()
                if not _are_rows_broken(manifest, faults):
                    compared = kept_heads.compare(source, manifest, hub.keyring, kept)
                _say_faults([*faults, *compared.faults], _line(folder, manifest), compared, wants_json=wants_json)
                _note_proved(hub, manifest, drilled=False)
            elif drill:
                _drill(hub, source, manifest, evidence, kept, wants_json=wants_json)
            else:
                _restore(hub, source, manifest, kept, reason, wants_json=wants_json)
        finally:
            hub.close()


def _restore(
    hub: Hub, source: BackupFolder, manifest: Manifest, kept: Sequence[Head], reason: str, *, wants_json: bool
) -> None:
    restoring.require_fits(manifest)
    heads = kept_heads.compare(source, manifest, hub.keyring, kept)
    if not reason:
        _require_heads(heads)
    restoring.require_whole(source, manifest)
    with hub.reading(OPERATOR) as tx:
        # Broken off when nothing was left to do but to say so.
        is_done = hub.restore_mark.exists() and restoring.is_done(tx, manifest)
        if not is_done:
            restoring.require_empty(tx)
    held = 0
    if not is_done:
        hub.mark_restore(str(source.path))
        done = restoring.restore(
            hub.filling, hub.store, source, manifest, real_now=hub.real_clock.now(), reason=reason, heads=heads
        )
        held = done.held_mails
    hub.restore_mark.unlink()
    # In slices: no transaction stands idle while files are read.
    slices = passes.run(hub, OPERATOR, invariants.sections(hub.store))
    breaches = [breach.plain() for each in slices for breach in each.found]
    if wants_json:
        found = {"heads": [each.plain for each in heads.faults], "breaches": breaches}
        say_json({**_summary(manifest), "held_mails": held, **found})
    else:
        click.echo(f"Restored: {_line(source.path, manifest)}.")
        click.echo(f"Mails and text messages that may have been sent since are held ({held}): /ops/mails.")
        click.echo("Sign-ins have ended. What happened since the backup is not here: see the task at /ops/tasks.")
    _say_lost_before(heads)
    for fault in heads.faults:
        click.echo(f"{fault.kind}: {fault.subject}: {fault.detail}", err=True)
    for breach in breaches:
        click.echo(f"{breach['invariant']}: {breach['subject']}: {breach['detail']}", err=True)
    if breaches:
        raise SystemExit(1)


def _require_heads(heads: Compared) -> None:
    """Each head kept outside is in the backup; raises `Unusable` where one is not."""
    if heads.broken:
        named = ", ".join(f"{each.subject} ({each.detail})" for each in heads.broken[:_MOST_NAMED])
        more = f" and {len(heads.broken) - _MOST_NAMED} more" if len(heads.broken) > _MOST_NAMED else ""
        raise Unusable(
            f"{named}{more} kept outside is not in the log of this backup: that log, or what was kept, was changed; "
            "find out which, and take another backup, or give --reason TEXT; nothing was written"
        )
    if heads.newer:
        raise Unusable(
            f"{heads.newer[-1].subject} was kept outside, and {heads.newer[-1].detail}: what was written since is not "
            "in this backup; take a newer one, or give --reason TEXT; nothing was written"
        )


def _say_lost_before(heads: Compared) -> None:
    for head in heads.lost_before:
        click.echo(f"head {head.number} of {head.at} {LOST_BEFORE}", err=True)


def _are_rows_broken(manifest: Manifest, faults: Sequence[BackupFault]) -> bool:
    return any(each.subject.startswith(manifest.rows) and each.kind is not FaultKind.FILE_EXTRA for each in faults)


def _drill(
    hub: Hub,
    source: BackupFolder,
    manifest: Manifest,
    evidence: Path | None,
    kept: Sequence[Head],
    *,
    wants_json: bool,
) -> None:
    """Everything that a restore would find wrong, without a trace of it left."""
    began = time.monotonic()
    restoring.require_fits(manifest)
    store_of = source if evidence is None else BackupFolder(evidence.absolute())
    theirs = manifest if evidence is None else checking.open_backup(store_of, hub.keyring)
    faults = [*checking.faults_of(source, manifest)]
    if evidence is not None:
        faults += checking.faults_of(store_of, theirs)
    if _are_rows_broken(manifest, faults):
        line = "Its rows cannot be restored, so nothing else was tried."
        _say_faults(faults, line, Compared(), wants_json=wants_json)
    heads = kept_heads.compare(source, manifest, hub.keyring, kept)
    faults += heads.faults
    read_s = time.monotonic() - began
    home = Path(tempfile.mkdtemp(prefix="hub-drill-"))
    aside = hub.aside(home, evidence=store_of.path / OBJECTS)
    try:
        with aside.filling() as tx:
            rows = restoring.fill_rows(tx, source, manifest)
        restored_s = time.monotonic() - began
        objects = {each.name: each for each in checking.objects_of(store_of, theirs)}
        with aside.reading(OPERATOR) as tx:
            faults += comparing.differences(tx, aside.store, manifest, objects)
    finally:
        aside.close()
        shutil.rmtree(home)
    took_s = time.monotonic() - began
    line = (
        f"{rows} rows and {len(objects)} files of {manifest.made_at} restored and checked: read in {read_s:.1f} s, "
        f"rows restored after {restored_s:.1f} s, all checked after {took_s:.1f} s"
    )
    _say_faults(faults, line, heads, wants_json=wants_json)
    if evidence is None:
        _note_proved(hub, manifest, drilled=True)


def _note_proved(hub: Hub, manifest: Manifest, *, drilled: bool) -> None:
    """What was found is on record in the hub that made the backup, where that hub is here and can be written to."""
    try:
        if not hub.has_database or not hub.is_up_to_date:
            return
        with hub.writing(OPERATOR) as tx:
            noting.note_proved(tx, manifest, at=hub.real_clock.now(), drilled=drilled)
    except (HubError, SQLAlchemyError):
        # A backup can be looked over where nothing of its hub is left.
        click.echo("Not put on record: the hub's database cannot be used here.", err=True)


def _say_faults(faults: Sequence[BackupFault], line: str, heads: Compared, *, wants_json: bool) -> None:
    if wants_json:
        lost = [each.number for each in heads.lost_before]
        say_json({"whole": not faults, "faults": [each.plain for each in faults], "lost_heads": lost})
    _say_lost_before(heads)
    for each in faults:
        click.echo(f"{each.kind}: {each.subject}{': ' if each.detail else ''}{each.detail}", err=True)
    if faults:
        if not wants_json:
            click.echo(f"NOT WHOLE, {len(faults)} fault{'' if len(faults) == 1 else 's'}. {line}", err=True)
            click.echo(_WHAT_NEXT, err=True)
        raise SystemExit(1)
    if not wants_json:
        click.echo(f"Whole. {line}")
