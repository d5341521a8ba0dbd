"""The checks of an `sftp` bank: the server is who it should be, its folders can be used, and a batch appears whole."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial

from hub.banks.adapters.sftp import DEFAULT_PORT, MOST_FILES, Sftp, read_folder, read_port
from hub.banks.conformance.application import REFERENCE, submitted
from hub.banks.conformance.report import Check, Mark, Trial, judged, not_asked
from hub.banks.port import Batch
from hub.banks.sftp_keys import check_private_key, read_host_key
from hub.banks.sftp_session import Access, Session, opened
from hub.domain.china import CHINA, china_day
from hub.domain.errors import DeliveryError, Unusable

# Real batches of a day begin with 1 and never come so far; two examinations within so many seconds share a name.
_FIRST_NUMBER = 5000
_APART_S = 20
_PROBE = "CONFORMANCE_{day}.txt"
_CONNECTED = "the server answers, with its host key and for our key"


def examine(trial: Trial) -> Iterator[Check]:
    """The checks, in their order."""
    adapter = trial.adapter
    if not isinstance(adapter, Sftp):
        raise Unusable(f"the adapter of {trial.bank.code} is no sftp")
    folders = {name: read_folder(trial.bank.settings[name]) for name in ("out_dir", "in_dir", "done_dir")}
    connected = _tried(
        _CONNECTED,
        partial(_look, trial, folders["out_dir"]),
        expected=f"a session on {trial.bank.settings['host']}, and out_dir can be read",
        to_do="Look at host, port, user, host_key and out_dir, and whether the user's authorized keys hold our key.",
    )
    yield connected
    for name, attempt, expected, to_do in _once_connected(trial, adapter, folders):
        if connected.mark is Mark.PASSED:
            yield _tried(name, attempt, expected=expected, to_do=to_do)
        else:
            yield not_asked(name, expected=expected, why="there is no session")


def _once_connected(
    trial: Trial, adapter: Sftp, folders: Mapping[str, str]
) -> Iterator[tuple[str, Callable[[], str], str, str]]:
    """What is tried with a session: its name, the attempt, what is expected, and what to do where that fails."""
    day = f"{china_day(trial.started_at):%Y%m%d}"
    at = trial.started_at.astimezone(CHINA)
    number = _FIRST_NUMBER + (at.hour * 3600 + at.minute * 60 + at.second) // _APART_S
    batch = Batch(day=day, number=number, messages=[submitted(trial)])
    probe = _PROBE.format(day=day)
    yield (
        "in_dir can be read",
        partial(_look, trial, folders["in_dir"]),
        f"{folders['in_dir']} is there",
        "Make the folder of in_dir and give our user the right to read it.",
    )
    yield (
        "what was read can be moved from in_dir to done_dir",
        partial(_move, trial, f"{folders['in_dir']}/{probe}", f"{folders['done_dir']}/{probe}"),
        f"{probe} in done_dir",
        "Our user needs the right to write in both folders; they must lie on one file system.",
    )
    for name in (f"a batch appears whole ({REFERENCE})", "the same batch again changes nothing"):
        yield (
            name,
            partial(_sent, adapter, batch, trial),
            f"NEG_{day}_{number:04d}.ctl beside its data file in out_dir",
            "Files are written as .part and renamed: our user must be allowed to both in out_dir.",
        )


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


def _look(trial: Trial, folder: str) -> str:
    with _session(trial) as session:
        return f"{len(session.names(folder, most=MOST_FILES))} files"


def _move(trial: Trial, old: str, new: str) -> str:
    with _session(trial) as session:
        session.write(old, [b"conformance test\n"])
        moved = session.move(old, new)
    return "moved" if moved else "it was there from an earlier test"


def _sent(adapter: Sftp, batch: Batch, trial: Trial) -> str:
    return adapter.deliver_batch(batch, trial.bank).detail


def _tried(name: str, attempt: Callable[[], str], *, expected: str, to_do: str) -> Check:
    try:
        came = attempt()
    except DeliveryError as error:
        return judged(name, passed=False, expected=expected, came=error.detail, to_do=to_do)
    return judged(name, passed=True, expected=expected, came=came, to_do=to_do)
