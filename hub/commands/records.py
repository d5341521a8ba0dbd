"""`hub log` verifies the log's chain; `hub record` exports the whole record of a negotiation."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import click

from hub.commands.files import READABLE_FILE
from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.commands.passing import Passing, in_parts
from hub.domain.errors import InvalidValue, Unusable
from hub.domain.log_chain import Broken
from hub.domain.log_heads import BrokenHead, Head, HeadFault, LostHead, PrintedHead, heads_in
from hub.domain.plain import Plain
from hub.services.documents import log_verification, records
from hub.services.documents.log_verification import Verified, VerifiedChain
from hub.services.log_heads import signing
from hub.services.log_heads.log_sections import GoneChain
from hub.services.log_heads.rows_look import BrokenRow


@click.group()
def log() -> None:
    """The communications log."""


@log.command()
@click.argument("negotiation", required=False)
@click.option(
    "--head",
    "files",
    multiple=True,
    type=READABLE_FILE,
    help="A file with heads that were kept outside: a mail, lines of JSON, an answer of /api/v1/log-heads.",
)
@click.option("--printed", multiple=True, metavar="NUMBER:ROOT", help="A head as a paper shows it.")
@in_parts
@as_json
def verify(
    negotiation: str | None,
    files: tuple[Path, ...],
    printed: tuple[str, ...],
    progress: Path | None,
    limit: int | None,
    wants_json: bool,
) -> None:
    """Recompute the chain of one negotiation, or of all; exit 1 naming the first broken entry of each.

    The signed heads, the access log and the audit are verified with them. Only a head that somebody outside has kept
    shows a log that was written anew by who holds the hub's keys. With --progress a run that was stopped or killed is
    gone on with by the next; it exits 1 where any run since the beginning found something broken.
    """
    if negotiation is not None and progress is not None:
        raise click.UsageError("--progress is for the whole log, and not for one negotiation.")
    with opened_hub() as hub:
        kept = [head for file in files for head in heads_of(file)]
        on_papers = [_printed(text) for text in printed]
        found = _Found()
        if negotiation is not None:
            with hub.reading(OPERATOR) as tx:
                found.add(log_verification.verified(tx, negotiation))
        whole = log_verification.sections if negotiation is None else log_verification.sections_beside
        passing = Passing(hub=hub, command="log verify", sections=whole(kept, on_papers), file=progress, limit=limit)
        for each in passing.run(_is_broken):
            found.add(each)
    outside = len(kept) + len(on_papers)
    if wants_json:
        say_json(found.plain(outside))
    passing.say_where()
    if passing.was_broken or found.is_broken:
        click.echo(_KEEP_IT, err=True)
        raise SystemExit(1)
    if not wants_json and passing.place is None:
        against = f"against {outside} kept outside" if outside else _NONE_FROM_OUTSIDE
        many = f"{' by this last run' if passing.went_on else ''}: {found.verified}"
        click.echo(f"Logs verified{many}; with them the access log, the audit and the signed heads, {against}.")


def _is_broken(each: Verified) -> bool:
    if isinstance(each, VerifiedChain):
        return each.broken is not None
    return not isinstance(each, LostHead)


@dataclass(kw_only=True)
class _Found:
    """What verifying found, said at once, and kept for an answer in JSON; of sound logs only how many there are."""

    verified: int = 0
    broken: list[Plain] = field(default_factory=list)
    heads: list[Plain] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    rows: list[Plain] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        """Whether anything does not hold."""
        return bool(self.broken or self.heads or self.gone or self.rows)

    def add(self, *found: Verified) -> None:
        """That was found too."""
        for each in found:
            line = self._line(each)
            if line is not None:
                click.echo(line, err=True)

    def _line(self, each: Verified) -> str | None:
        match each:
            case VerifiedChain(reference=reference, broken=Broken() as broken):
                self.broken.append({"negotiation": reference, "sequence": broken.sequence, "reason": broken.reason})
                return f"{reference}: entry {broken.sequence} is broken ({broken.reason})"
            case VerifiedChain():
                self.verified += 1
                return None
            case BrokenHead(number=number, fault=fault):
                self.heads.append({"number": number, "reason": fault})
                return f"head {number} is broken ({fault}): {_HEAD_FAULTS[fault]}"
            case LostHead(number=number):
                self.lost.append(number)
                return f"head {number} {LOST_BEFORE}"
            case GoneChain(chain=chain):
                self.gone.append(chain)
                return f"{chain}: a head covers its log, and it is gone"
            case BrokenRow(log=log_name, row=row, reason=reason):
                self.rows.append({"log": log_name, "row": row, "reason": reason})
                return f"{log_name} log: row {row} was {reason}"

    def plain(self, outside: int) -> Plain:
        """All of it as JSON data; `outside` is how many heads from outside were compared."""
        return {
            "verified": self.verified,
            "broken": self.broken,
            "heads_kept": outside,
            "broken_heads": self.heads,
            "lost_heads": self.lost,
            "gone": self.gone,
            "broken_rows": self.rows,
        }


def _printed(text: str) -> PrintedHead:
    try:
        return PrintedHead.parse(text)
    except InvalidValue as error:
        raise Unusable(f"{text} is no NUMBER:ROOT: copy both from the last page, 64 characters of the root") from error


def heads_of(file: Path) -> list[Head]:
    try:
        found = heads_in(file.read_bytes())
    except InvalidValue as error:
        raise Unusable(f"{file} holds a head that is malformed: take the mail or file as it was received") from error
    if not found:
        raise Unusable(f"{file} holds no head: give a mail, lines of JSON, or an answer of /api/v1/log-heads")
    return found


_NONE_FROM_OUTSIDE = "none of them from outside: give one that was kept by --head or --printed"
_KEEP_IT = "Keep what shows it before anything is mended: `hub backup` into a new folder, and these lines."
LOST_BEFORE = "was lost by a restore, whose line in the audit (`restored`) names it: no fault"
_HEAD_FAULTS = {
    HeadFault.SIGNATURE: "it was changed, or signed by somebody without the hub's keys",
    HeadFault.KEY: "it was signed with a key that this hub does not hold",
    HeadFault.NUMBER: "heads are missing here, it or one before it",
    HeadFault.PREVIOUS: "it does not follow the head before it",
    HeadFault.OTHER: "the hub has another head of that number: the log was written anew, or restored from before it",
    HeadFault.ROOT: "it was signed over other entries than are stored",
    HeadFault.ENTRIES: "it was signed over another number of entries than are stored",
}


@log.command()
@click.option("--sign", is_flag=True, help="Sign one first, where anything was written since the last.")
@as_json
def head(sign: bool, wants_json: bool) -> None:  # noqa: ARG001 - a head is JSON in any case
    """Print the newest signed head as one line of JSON, to be kept outside the hub."""
    with opened_hub() as hub:
        if sign:
            signing.sign_all(hub)
        with hub.reading(OPERATOR) as tx:
            newest = signing.newest(tx)
        if newest is None:
            raise Unusable("no head was signed yet: the worker signs one within the hour, `hub log head --sign` now")
    click.echo(json.dumps(newest.whole))


def _opened_for_its_owner(path: Path) -> BinaryIO:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@click.group()
def record() -> None:
    """Whole records."""


@record.command()
@click.argument("negotiation")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--head", "heads", multiple=True, type=click.IntRange(min=1), help="The number of a head that was kept.")
@click.option("--reason", default="", help="Why, for the audit and the person's own page.")
def export(negotiation: str, output: Path, heads: tuple[int, ...], reason: str) -> None:
    """Write the record of a negotiation as a ZIP that can be verified without the hub.

    The file is its owner's alone to read. The export is on record, with the reason where one is given.
    """
    part = output.with_name(output.name + ".part")
    with opened_hub() as hub:
        try:
            gathered = records.gather_whole(
                hub,
                OPERATOR,
                hub.print_pdf,
                hub.store,
                lambda tx: records.gather_named(tx, hub.store, negotiation, heads),
            )
            with _opened_for_its_owner(part) as out:
                gathered.write(out)
            with hub.writing(OPERATOR) as tx:
                records.note_export(tx, negotiation, reason)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"{output}: unpack it and run python3 verify.py")
