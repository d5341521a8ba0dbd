"""The Containerfile and the compose file: what they name is there, pinned, and all that production needs."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.environment import SECRETS
from hub.settings import KNOWN, parse_settings
from tests.deploy import DEPLOY, ROOT
from tests.deploy.test_units import command_of
from tests.test_settings import SECRET

PLACE = DEPLOY / "container"
COMPOSE: Any = yaml.safe_load((PLACE / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OF_HUB = sorted(name for name, service in SERVICES.items() if service["image"].startswith("hub:"))
CONTAINERFILE = (PLACE / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
# A name without a host, and a tag that says which.
PINNED = re.compile(r"(?:[a-z0-9-]+/)?[a-z0-9-]+:(?!latest)[a-z0-9.-]*\d[a-z0-9.-]*")


def test_every_image_is_a_short_name_with_a_tag() -> None:
    named = [service["image"] for service in SERVICES.values()]
    named += re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert [name for name in named if not PINNED.fullmatch(name)] == []


def test_the_image_of_the_hub_bears_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert {SERVICES[name]["image"] for name in OF_HUB} == {f"hub:{version}"}


def test_what_serves_is_web_worker_and_a_migration_before_both() -> None:
    assert OF_HUB == ["migrate", "web", "worker"]
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= set(SERVICES)


@pytest.mark.parametrize("name", OF_HUB)
def test_a_service_of_the_hub_runs_a_command_that_there_is(name: str) -> None:
    command_of(SERVICES[name]["command"])


@pytest.mark.parametrize("name", OF_HUB)
def test_a_service_of_the_hub_has_all_settings_of_production_and_no_unknown_one(name: str) -> None:
    given = {key: value for key, value in SERVICES[name]["environment"].items() if key.startswith("HUB_")}
    secrets = {
        "HUB_DATABASE_URL": "postgresql+psycopg://hub_runner:word@database/hub",
        "HUB_SECRET_KEYS": SECRET,
        "HUB_SMTP_URL": "smtps://hub:word@mail.example",
        "HUB_SMS_URL": "https://hub:word@sms.example/send",
    }
    in_files = {f"{key}_FILE" for key in secrets}
    assert in_files <= set(given)
    assert {key.removesuffix("_FILE") for key in in_files} <= set(SECRETS)
    assert set(given) - in_files <= set(KNOWN)
    parse_settings({**{key: value for key, value in given.items() if key not in in_files}, **secrets})


@pytest.mark.parametrize("name", OF_HUB)
def test_a_service_of_the_hub_can_do_little_in_its_container(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


def sources(service: Any) -> dict[str, str]:
    """The secrets of a service: what each is called in its container, by where it comes from."""
    given: list[dict[str, str]] = [
        each if isinstance(each, dict) else {"source": each} for each in service.get("secrets", ())
    ]
    return {each["source"]: each.get("target", each["source"]) for each in given}


def test_every_secret_is_declared_and_given_to_who_reads_it() -> None:
    used: set[str] = set()
    for name, service in SERVICES.items():
        given = sources(service)
        used |= set(given)
        read = set(
            re.findall(r"/run/secrets/(\w+)", yaml.safe_dump([service.get("environment"), service.get("command")]))
        )
        assert read <= set(given.values()), name
    assert used == set(COMPOSE["secrets"])


def test_who_migrates_has_the_address_of_the_owner_and_nobody_else_has() -> None:
    owners = [name for name, service in SERVICES.items() if "owner_database_url" in sources(service)]
    assert owners == ["migrate"]
    assert sources(SERVICES["migrate"])["owner_database_url"] == "database_url"


def test_files_that_are_mounted_are_there() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (PLACE / source).exists() or source == "./tls", source
            else:
                assert source in COMPOSE["volumes"]


def test_nobody_but_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert SERVICES["web"]["command"][1:3] == ["--host", "127.0.0.1"]
    assert SERVICES["proxy"]["network_mode"] == "service:web"


def test_the_image_holds_what_the_tree_has_and_what_printing_needs() -> None:
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    assert [name for line in copied for name in shlex.split(line) if not (ROOT / name).exists()] == []
    [wanted] = re.findall(r"^readonly run_packages=\((.+)\)$", (ROOT / ".ci" / "setup").read_text(), re.MULTILINE)
    last = CONTAINERFILE.rpartition("FROM ")[2]
    assert set(wanted.split()) <= set(last.split())


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert re.findall(r"^USER (\S+)", CONTAINERFILE, re.MULTILINE) == ["10001"]
    assert '\nENTRYPOINT ["hub"]\n' in CONTAINERFILE


def test_the_scanner_goes_by_the_limits_that_are_tested() -> None:
    def limits(path: Path) -> set[str]:
        return set(re.findall(r"^(?:Alert|Stream|Max|Concurrent|Read|Command)\w+ .+$", path.read_text(), re.MULTILINE))

    tested = limits(DEPLOY / "clamav" / "clamd.conf")
    assert len(tested) > 5
    assert limits(PLACE / "clamd.conf") == tested


def test_the_secrets_that_are_made_are_what_the_containers_read_and_stay_what_they_are(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    place = tmp_path / "deploy" / "container"

    def made() -> dict[str, str]:
        subprocess.run(
            [place / "make-secrets", "smtps://hub:word@mail.example", "https://hub:word@sms.example/send"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return {path.name: path.read_text() for path in (place / "secrets").iterdir()}

    secrets = made()
    assert made() == secrets
    assert {Path(each["file"]).name for each in COMPOSE["secrets"].values()} == set(secrets)
    assert (place / "secrets").stat().st_mode & 0o077 == 0
    settings = {f"HUB_{name}".upper(): secrets[name].strip() for name in ("database_url", "secret_keys", "smtp_url")}
    parse_settings({"HUB_ENV": "production", **_settings_of("web"), **settings, "HUB_SMS_URL": secrets["sms_url"]})
    users = json.loads(secrets["s3_users"])
    assert json.loads(users["policies"][0]["content"]) == json.loads((DEPLOY / "s3" / "hub-policy.json").read_text())
    assert users["identities"][1]["credentials"][0]["accessKey"] in secrets["aws"]


def _settings_of(name: str) -> dict[str, str]:
    given = SERVICES[name]["environment"].items()
    return {key: value for key, value in given if key.startswith("HUB_") and not key.endswith("_FILE")}
