"""The checks of an `sftp` bank: the server is who it should be, its folders can be used, and batches appear whole."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from hub.banks.adapters.sftp import DEFAULT_PORT, MOST_FILES, Sftp, read_folder, read_port
from hub.banks.adapters.sftp.access import Access
from hub.banks.adapters.sftp.keys import check_private_key, read_host_key
from hub.banks.adapters.sftp.responses import Folders
from hub.banks.adapters.sftp.session import Session, opened
from hub.banks.conformance.application import REFERENCE, accepted, countered, ended, submitted, withdrawn, worded
from hub.banks.conformance.report import Check, Mark, Trial, judged, not_asked
from hub.banks.conformance.requests import asked
from hub.banks.conformance.sftp_answers import Answers
from hub.banks.port import Batch, Message
from hub.domain.china import china_day
from hub.domain.errors import DeliveryError, HostNotTrusted, TryAgain, Unusable

# Real batches of a day begin with 1 and never come so far. An examination has nine names, by its negotiation: three
# are about the application, the others about a request each.
_FIRST_NUMBER, _NAMES, _SLOTS = 5000, 9, 533
_PROBE = "CONFORMANCE_{day}.txt"
_CONNECTED = "the server answers, with its host key and for our key"
_HOST_KEY = (
    "Find out why the server shows another key before anything else. If it was changed on purpose, get its new public "
    "key line by a way you trust, and set it as host_key."
)


def examine(trial: Trial) -> Iterator[Check]:
    """The checks, in their order."""
    adapter = trial.adapter
    if not isinstance(adapter, Sftp):
        raise Unusable(f"the adapter of {trial.bank.code} is no sftp")
    given = {name: read_folder(trial.bank.settings[name]) for name in ("out_dir", "in_dir", "done_dir")}
    folders = Folders(incoming=given["in_dir"], done=given["done_dir"], outgoing=given["out_dir"])
    connected = _tried(
        _CONNECTED,
        partial(_connect, trial),
        expected=f"a session on {trial.bank.settings['host']}",
        to_do="Look at host, port, user and host_key, and whether the user's authorized keys hold our key.",
    )
    yield connected
    sound = connected.mark is Mark.PASSED
    for name, folder in given.items():
        check = _when(
            sound,
            f"{name} can be read",
            partial(_look, trial, folder),
            expected=f"the folder {folder} is there",
            to_do=f"Make the folder of {name} and give our user the right to read it.",
        )
        sound = sound and check.mark is Mark.PASSED
        yield check
    probe = _PROBE.format(day=f"{china_day(trial.started_at):%Y%m%d}")
    yield _when(
        sound,
        "what was read can be moved from in_dir to done_dir",
        partial(_move, trial, f"{folders.incoming}/{probe}", f"{folders.done}/{probe}"),
        expected=f"{probe} in done_dir",
        to_do="Our user needs the right to write in both folders; they must lie on one file system.",
    )
    yield from _batches(trial, adapter, folders, sound=sound)


def _batches(trial: Trial, adapter: Sftp, folders: Folders, *, sound: bool) -> Iterator[Check]:
    first, again, last, *spare = _names(trial)
    application = submitted(trial)
    batch = replace(first, messages=[application])
    answers = Answers(trial, folders, partial(_session, trial))
    if sound:
        answers.remember()
    for name, each in (
        (f"a batch appears whole ({REFERENCE})", batch),
        ("the same batch again changes nothing", batch),
        ("a message can come again in another batch", replace(again, messages=[application])),
    ):
        yield _when(
            sound,
            name,
            partial(_sent, adapter, each, trial),
            expected=f"NEG_{each.day}_{each.number:04d}.ctl beside its data file in out_dir",
            to_do="Files are written as .part and renamed: our user must be allowed to both in out_dir.",
        )
    yield from answers.checks(sound=sound)
    terms = answers.offered
    talk = [worded(trial)]
    if terms is not None:
        talk += [countered(trial, terms), accepted(trial, terms), ended(trial)]
    yield _when(
        sound,
        "a message with a file"
        + (", a counter-offer, an acceptance, an end" if terms else "")
        + " and the withdrawal appear",
        partial(_sent, adapter, replace(last, messages=[*talk, withdrawn(trial)]), trial),
        expected=f"NEG_{last.day}_{last.number:04d}.ctl in out_dir",
        to_do="Our user must be allowed to make a folder in out_dir.",
    )
    if sound:
        answers.settle()
    if terms is None:
        why = "the bank made no offer while we waited" if answers.waited else answers.NOT_WAITED
        yield not_asked("takes a counter-offer, an acceptance and its end", expected="", why=why)
    if sound:
        listener = answers if answers.waited else None
        yield from asked(trial, _sender(trial, adapter, iter(spare)), listener, why=answers.NOT_WAITED)


def _sender(trial: Trial, adapter: Sftp, spare: Iterator[Batch]) -> Callable[[str, Message], Check]:
    """A way to send one message in a batch of its own."""

    def taken(name: str, message: Message) -> Check:
        batch = replace(next(spare), messages=[message])
        return _tried(
            name,
            partial(_sent, adapter, batch, trial),
            expected=f"NEG_{batch.day}_{batch.number:04d}.ctl in out_dir",
            to_do="Files are written as .part and renamed: our user must be allowed to both in out_dir.",
        )

    return taken


def _names(trial: Trial) -> list[Batch]:
    day = f"{china_day(trial.started_at):%Y%m%d}"
    number = _FIRST_NUMBER + int(trial.negotiation[:8], 16) % _SLOTS * _NAMES
    return [Batch(day=day, number=number + each, messages=[]) for each in range(_NAMES)]


def _session(trial: Trial) -> AbstractContextManager[Session]:
    settings = trial.bank.settings
    return opened(
        Access(
            host=settings["host"],
            address=trial.surroundings.check_host(settings["host"]),
            port=read_port(settings.get("port", DEFAULT_PORT)),
            user=settings["user"],
            private_key=check_private_key(settings["our_private_key"]),
            host_key=read_host_key(settings["host_key"]),
        )
    )


def _connect(trial: Trial) -> str:
    with _session(trial):
        return "connected"


def _look(trial: Trial, folder: str) -> str:
    with _session(trial) as session:
        return f"{len(session.names(folder, most=MOST_FILES))} files"


def _move(trial: Trial, old: str, new: str) -> str:
    with _session(trial) as session:
        session.write(old, [b"conformance test\n"])
        if not session.move(old, new):
            raise TryAgain(f"{old} was taken away before it was moved")
        session.remove(new)
    return "moved, and taken away"


def _sent(adapter: Sftp, batch: Batch, trial: Trial) -> str:
    return adapter.deliver_batch(batch, trial.bank).detail


def _when(sound: bool, name: str, attempt: Callable[[], str], *, expected: str, to_do: str) -> Check:
    if sound:
        return _tried(name, attempt, expected=expected, to_do=to_do)
    return not_asked(name, expected=expected, why="what must be there before it is not")


def _tried(name: str, attempt: Callable[[], str], *, expected: str, to_do: str) -> Check:
    try:
        came = attempt()
    except HostNotTrusted as error:
        return judged(name, passed=False, expected=expected, came=error.detail, to_do=_HOST_KEY)
    except DeliveryError as error:
        return judged(name, passed=False, expected=expected, came=error.detail, to_do=to_do)
    return judged(name, passed=True, expected=expected, came=came, to_do=to_do)
