"""The units of systemd: it reads them without a word, finds little exposed, and they start what there is."""

import configparser
import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest

from hub.__main__ import main
from hub.environment import SECRETS
from hub.settings import parse_settings
from tests.deploy import DEPLOY
from tests.test_settings import SECRET

UNITS = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TIMERS = sorted(path.name for path in UNITS.glob("*.timer"))
# Of PostgreSQL's user, and none of the hub's.
BASE_BACKUP = DEPLOY / "postgresql" / "base-backup.service"
# "OK" to systemd; 0 would be a service without network.
MOST_EXPOSED = 1.6
ANALYZE = shutil.which("systemd-analyze")
asks_systemd = pytest.mark.skipif(ANALYZE is None, reason="this machine has no systemd-analyze")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they are installed, but for where the hub's command stands."""
    command = Path(sys.executable).with_name("hub")
    to = tmp_path / "units"
    shutil.copytree(UNITS, to)
    for path in to.rglob("hub-*"):
        if path.is_file():
            path.write_text(path.read_text().replace("/opt/hub/.venv/bin/hub", str(command)))
    return to


def asked(units: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says."""
    assert ANALYZE is not None
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:", "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0"}
    return subprocess.run(
        [ANALYZE, *words], cwd=units, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def of_ours(said: str) -> list[str]:
    """The lines about our units: a machine's own may have faults of their own."""
    return [line for line in said.splitlines() if "hub-" in line]


@asks_systemd
@pytest.mark.parametrize("name", [*SERVICES, *TIMERS])
def test_systemd_has_nothing_to_say_about_a_unit(units: Path, name: str) -> None:
    said = asked(units, "verify", "--man=no", f"./{name}")
    assert (of_ours(said.stderr + said.stdout), said.returncode) == ([], 0)


@asks_systemd
@pytest.mark.parametrize("name", [BASE_BACKUP.name, BASE_BACKUP.with_suffix(".timer").name])
def test_systemd_has_nothing_to_say_about_the_backup_of_postgresql(units: Path, name: str) -> None:
    command = Path(sys.executable).with_name("hub")
    text = (BASE_BACKUP.parent / name).read_text().replace("/usr/local/sbin/hub", str(command))
    (units / name).write_text(text)
    said = asked(units, "verify", "--man=no", f"./{name}")
    ours = [line for line in (said.stderr + said.stdout).splitlines() if "base-backup" in line]
    assert (ours, said.returncode) == ([], 0)
    exposed = asked(units, "security", "--offline=yes", "./base-backup.service") if name == BASE_BACKUP.name else None
    assert exposed is None or float(re.findall(r"level for \S+: ([\d.]+)", exposed.stdout)[0]) <= MOST_EXPOSED


def test_the_backup_of_postgresql_is_noted_by_a_command_that_there_is() -> None:
    [call] = re.findall(r"^ExecStartPost=\+/usr/local/sbin/hub (.+)$", BASE_BACKUP.read_text(), re.MULTILINE)
    assert command_of(shlex.split(call)).name == "note"


@asks_systemd
def test_a_word_that_systemd_does_not_know_would_be_found(units: Path) -> None:
    (units / "hub-.service.d" / "z.conf").write_text("[Service]\nProtectEverything=yes\n")
    assert of_ours(asked(units, "verify", "--man=no", "./hub-web.service").stderr)


@asks_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_little_of_the_machine_is_exposed_to_a_service(units: Path, name: str) -> None:
    said = asked(units, "security", "--offline=yes", f"./{name}")
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said.stdout)
    assert found is not None, said.stderr
    assert float(found[1]) <= MOST_EXPOSED


@asks_systemd
@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_names_a_time_and_has_a_service(units: Path, name: str) -> None:
    assert name.replace(".timer", ".service") in SERVICES
    [when] = re.findall(r"^OnCalendar=(.+)$", (UNITS / name).read_text(), re.MULTILINE)
    assert asked(units, "calendar", when).returncode == 0


def command_of(words: list[str]) -> click.Command:
    """The command that these words call, its options known to it."""
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    options = {option for each in command.params for option in each.opts}
    assert {word for word in words if word.startswith("--")} <= options, words
    return command


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_command_that_there_is(name: str) -> None:
    text = (UNITS / name).read_text().replace("\\\n", " ").replace("/opt/hub/.venv/bin/hub", "$hub")
    calls = re.findall(r"(?<!hub=)\$hub ([^;>'\n]+)", text)
    assert calls
    for call in calls:
        command_of(shlex.split(call))


def test_a_backup_that_fails_is_followed_by_the_list_of_the_erased_and_fails_at_the_end(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    hub.write_text('#!/bin/sh\necho "$1"\n[ "$1" != backup ]\n')
    hub.chmod(0o755)
    text = (UNITS / "hub-backup.service").read_text().replace("\\\n", " ").replace("%%", "%")
    [line] = re.findall("^ExecStart=(.+)$", text, re.MULTILINE)
    line = line.replace("/opt/hub/.venv/bin/hub", str(hub)).replace("/var/backups/hub", str(tmp_path))
    ran = subprocess.run(shlex.split(line), capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert (tmp_path / "erased.jsonl").read_text() == "retention\n"
    assert ran.stdout == "backup\nrestore\n"


def test_each_secret_is_handed_over_under_the_name_of_its_setting() -> None:
    shared = (UNITS / "hub-.service.d" / "hub.conf").read_text()
    given = re.findall(r"^LoadCredential=(\w+):/etc/hub/secrets/(\w+)$", shared, re.MULTILINE)
    assert {name for name, _ in given} == set(SECRETS) - {"HUB_IDENTITY_URL"}
    assert all(name == file for name, file in given)


def variables(path: Path) -> dict[str, str]:
    """The lines of an environment file, as systemd reads those without quotes."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert not [line for line in lines if set("\"'\\$") & set(line)], "read differently by systemd and by a shell"
    return dict(line.split("=", 1) for line in lines)


def test_the_settings_and_the_secrets_are_all_that_production_needs() -> None:
    secrets = {
        "HUB_DATABASE_URL": "postgresql+psycopg://hub_runner:word@127.0.0.1/hub",
        "HUB_SECRET_KEYS": SECRET,
        "HUB_SMTP_URL": "smtps://hub:word@mail.example",
        "HUB_SMS_URL": "https://hub:word@sms.example/send",
    }
    settings = parse_settings({**variables(DEPLOY / "hub.env"), **secrets})
    assert not settings.embedded
    assert settings.home == Path("/var/lib/hub")
    assert settings.trusted_proxies == 1


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user of this machine may enter."""
    with tempfile.TemporaryDirectory(prefix="hub-deploy-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def run_as_root(place: Path, environment: Mapping[str, str], *, settings: str = "") -> dict[str, str]:
    """What the command of a person finds around it, run by the script for that; a program that shows it stands in."""
    secrets = place / "etc" / "secrets"
    (secrets / "owner").mkdir(parents=True)
    (place / "etc" / "hub.env").write_text((DEPLOY / "hub.env").read_text() + settings)
    (secrets / "HUB_SMS_URL").write_text("https://hub:a$word`x`@sms.example\n")
    (secrets / "HUB_DATABASE_URL").write_text("postgresql+psycopg://hub_runner@db/hub\n")
    (secrets / "owner" / "HUB_DATABASE_URL").write_text("postgresql+psycopg://hub_owner@db/hub\n")
    for left in ("HUB_SMS_URL~", "HUB_SMS_URL.bak", "HUB_SMTP_URL.swp"):
        (secrets / left).write_text("left by an editor\n")
    (secrets / "aws").write_text("[default]\naws_access_key_id = key\naws_secret_access_key=se/cr+et=\n")
    shown = place / "shown"
    shown.write_text('#!/bin/sh\nid -un; umask; echo "$1 $2"; env\n')
    shown.chmod(0o755)
    text = (DEPLOY / "hub-command").read_text()
    text = text.replace("/etc/hub", str(place / "etc")).replace("/opt/hub/.venv/bin/hub", str(shown))
    if os.geteuid() == 0:
        text = text.replace("=hub --regid=hub", "=nobody --regid=nogroup")
    else:
        text = re.sub(r"exec setpriv .* (\S+) \"\$@\"", r'exec \1 "$@"', text)
    (place / "hub").write_text(text)
    said = subprocess.run(
        ["/bin/sh", place / "hub", "bank", "a name"],
        env={"PATH": os.environ["PATH"], **environment}, cwd=place, capture_output=True, text=True, check=True,
    )  # fmt: skip
    user, umask, words, *lines = said.stdout.splitlines()
    assert user == ("nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    assert (umask, words) == ("0077", "bank a name")
    return dict(line.split("=", 1) for line in lines)


def test_a_command_by_hand_has_what_the_services_have(place: Path) -> None:
    found = run_as_root(place, {})
    assert found["HUB_PUBLIC_URL"] == "https://hub.example"
    assert found["HUB_SMS_URL"] == "https://hub:a$word`x`@sms.example"
    assert found["HUB_DATABASE_URL"] == "postgresql+psycopg://hub_runner@db/hub"
    assert (found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"]) == ("key", "se/cr+et=")


@pytest.mark.parametrize("settings", ["HUB_OCR=tesseract", "  \tHUB_OCR=tesseract\n", "\nHUB_OCR=tesseract\n"])
def test_a_command_by_hand_reads_settings_as_systemd_does(place: Path, settings: str) -> None:
    assert run_as_root(place, {}, settings=settings)["HUB_OCR"] == "tesseract"


def test_what_an_editor_left_beside_a_secret_is_none(place: Path) -> None:
    found = run_as_root(place, {})
    assert found["HUB_SMS_URL"] == "https://hub:a$word`x`@sms.example"
    assert "HUB_SMTP_URL" not in found


def test_a_command_by_hand_may_be_the_owners(place: Path) -> None:
    found = run_as_root(place, {"HUB_AS": "owner"})
    assert found["HUB_DATABASE_URL"] == "postgresql+psycopg://hub_owner@db/hub"
    assert "HUB_AS" not in found


def test_every_unit_reads_as_sections_of_settings() -> None:
    for path in sorted(UNITS.rglob("*")):
        if path.is_file():
            parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=False)
            parser.read(path)
            assert parser.sections(), path
