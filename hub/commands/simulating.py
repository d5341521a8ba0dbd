"""`hub simulate-bank`: the far side of an adapter, for demos and tests. It runs until it is asked to end."""

import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.simulator.conduct import Conduct, behaviours, read_conduct
from hub.banks.simulator.desk import SimulatedDesk
from hub.banks.simulator.journal import Journal
from hub.banks.simulator.port import FarSide, Place
from hub.banks.simulator.running import Simulation, check_conduct, make_far_side
from hub.commands.opened import OPERATOR, errors_as_one_line, key_values
from hub.domain.bank import Bank
from hub.domain.bank_settings import check_setting
from hub.domain.china import china_day
from hub.domain.errors import Unusable
from hub.services.operating import banks
from hub.wiring import Hub, hub_from_environment

# Banks that no demo has, so that a card of theirs can be entered at once; the rest of the kinds share the last.
_CODES = {"webhook": "01050000", "unionpay": "01030000", "sftp": "01040000", "email": "03010000"}
_ANY_CODE = "03050000"


@click.command(name="simulate-bank", epilog="\b\nBehaviours:\n" + behaviours())
@click.option("--adapter", "kind", required=True, metavar="KIND", help="The kind of adapter it is the far side of.")
@click.option("--port", required=True, type=click.IntRange(0, 65535), help="Where it listens on 127.0.0.1.")
@click.option("--behaviour", "words", multiple=True, metavar="NAME[,NAME...]", help="What it does; see below.")
@click.option("--bank", "code", help="Its institution code; by default that of the bank the hub has there.")
@click.option("--hub-url", help="Where it calls the hub; HUB_PUBLIC_URL by default.")
@click.option("--secret", help="The shared secret; one is made otherwise.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A bank setting that it shall keep to.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where it keeps keys and journal.")
@click.option("--pause", "pause_s", default=1.0, show_default=True, help="Seconds before each event.")
def simulate_bank(
    kind: str,
    port: int,
    words: tuple[str, ...],
    code: str | None,
    hub_url: str | None,
    secret: str | None,
    settings: tuple[str, ...],
    folder: Path | None,
    pause_s: float,
) -> None:
    """Run a simulated bank: it takes what the hub sends, and answers as it is told to."""
    given = {**key_values(settings), **({} if secret is None else {"secret": secret})}
    with errors_as_one_line():
        hub = hub_from_environment()
        try:
            conduct = read_conduct(words)
            for name, text in given.items():
                check_setting(name, text, own_settings=hub.adapters.adapter(kind).settings)
            known = _known_bank(hub, kind, port, code)
            place = Place(
                code=code or (known.code if known else _CODES.get(kind, _ANY_CODE)),
                port=port,
                folder=_folder(folder or hub.settings.home / "simulated" / f"{kind}-{port}"),
                hub_url=(hub_url or hub.settings.public_url).rstrip("/"),
                http=_way_to(hub_url or hub.settings.public_url),
                clock=hub.real_clock,
                given={**(known.settings if known else {}), **given},
            )
            _run(hub, conduct, place, known, kind=kind, pause_s=pause_s)
        finally:
            hub.close()


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _way_to(hub_url: str) -> OutgoingHttp:
    """Whoever starts the bank says which hub it calls, wherever that is."""
    return OutgoingHttp(Reach(loopback=True, allowed_hosts=frozenset({urlsplit(hub_url).hostname or ""})))


def _run(hub: Hub, conduct: Conduct, place: Place, known: Bank | None, *, kind: str, pause_s: float) -> None:
    """The bank listens and speaks until the process is asked to end."""
    far_side = make_far_side(kind, place)
    check_conduct(far_side, conduct)
    journal = Journal(place.folder, hub.real_clock, click.echo)
    desk = SimulatedDesk(conduct, journal, today=lambda: china_day(hub.clock.now()))
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    with Simulation(far_side, desk, journal, pause_s=pause_s):
        for line in _greeting(far_side, place, known):
            click.echo(line)
        ended.wait()


def _greeting(far_side: FarSide, place: Place, known: Bank | None) -> list[str]:
    joining = far_side.joining
    lines = [f"A simulated bank of kind {far_side.kind} listens; its journal is in {place.folder}."]
    if far_side.speaks:
        lines.append(f"It calls the hub at {place.hub_url}.")
    if joining.environment:
        lines.append(f"The hub needs {_words(joining.environment)} in its environment.")
    if known is not None:
        return [*lines, f"The hub has it already as {known.code} {known.name_zh}; its settings are kept to."]
    added = " ".join(f"--set {_quoted(f'{key}={value}')}" for key, value in joining.settings.items())
    name = "--name-zh 模拟银行 --name-en 'Simulated bank'"
    return [
        *lines,
        "Add it to a hub:",
        f"  hub bank add --code {place.code} {name} --adapter {far_side.kind} {added}".rstrip(),
    ]


def _words(variables: Mapping[str, str]) -> str:
    return " ".join(f"{name}={_quoted(value)}" for name, value in variables.items())


def _quoted(word: str) -> str:
    if all(char.isalnum() or char in "/:=._-+@%" for char in word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def _known_bank(hub: Hub, kind: str, port: int, code: str | None) -> Bank | None:
    """The bank of the hub's own database that is to be found at this port, or that bears the code; None without any.

    A hub that was never started has no database, and is not given one here.
    """
    if hub.settings.on_sqlite and not (hub.settings.home / "hub.db").exists():
        return None
    hub.require_up_to_date()
    with hub.reading(OPERATOR) as tx:
        listed = banks.list_all(tx)
    if code is not None:
        found = next((bank for bank in listed if bank.code == code), None)
        if found is not None and found.adapter != kind:
            raise Unusable(f"the hub's bank {code} is of kind {found.adapter}: choose another --bank")
        return found
    return next((bank for bank in listed if bank.adapter == kind and _is_at(bank, port)), None)


def _is_at(bank: Bank, port: int) -> bool:
    return str(port) in (bank.settings.get("port"), str(urlsplit(bank.settings.get("url", "")).port))
