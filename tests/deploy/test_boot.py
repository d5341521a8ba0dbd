"""docs/deploy/README.md, its commands run as they stand there, on a machine that systemd boots: from the first clone to
the way back from an upgrade that went too far.

What only the reader knows is put in (names, tags, days), and what asks the network is left out: packages, signatures of
viruses, a real certificate. The libraries are those of the tests.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import schema
from tests.deploy.booted import PYTHON, Machine, blocks, booted, changed, steps, why_not
from tests.storage.postgres_server import server_binaries
from tests.weather.releases import ROOT, VERSIONS, migration_text

WHY_NOT = why_not()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(WHY_NOT is not None, reason=f"no machine is booted: {WHY_NOT}")]

REPOSITORY = "/opt/repository"
NAME = "hub.example"
VERSION = server_binaries().parent.name
TRUST = "/etc/hub/tls/fullchain.pem"
# What `.ci/setup` would fetch is there already, as it leaves it: git calls this in each new clone.
_AFTER_CHECKOUT = f"""#!/bin/bash
set -eu
venv=$PWD/.venv
[ -d "$venv" ] || {PYTHON} -m venv --without-pip "$venv"
printf '%s\\n' "$PWD" /opt/libraries >"$(echo "$venv"/lib/python*/site-packages)/hub.pth"
printf '#!%s/bin/python\\nimport sys\\nfrom hub.__main__ import main\\nsys.exit(main())\\n' "$venv" >"$venv/bin/hub"
chmod 0755 "$venv/bin/hub"
mkdir -p "$venv/stamps"
(echo "$venv"; cat requirements.txt) >"$venv/stamps/runtime"
(echo "$venv"; cat pyproject.toml) >"$venv/stamps/hub"
"""
_MACHINES_OWN = f"""
hostname {NAME}
echo '127.0.0.1 localhost {NAME}' >/etc/hosts
git config --system --add safe.directory '*'
git config --system init.templateDir /opt/template
systemctl stop postgresql 'postgresql@*'
for each in $(pg_lsclusters -h | awk '{{print $1"/"$2}}'); do pg_dropcluster --stop ${{each%/*}} ${{each#*/}}; done
rm -rf /etc/hub /var/lib/hub /var/backups/hub*
pg_createcluster {VERSION} main
systemctl start postgresql
for each in service socket; do
  mkdir -p /etc/systemd/system/clamav-daemon.$each.d
  printf '[Unit]\\nConditionPathExistsGlob=\\n' >/etc/systemd/system/clamav-daemon.$each.d/zz-own.conf
done
rm -f /var/lib/clamav/*
echo 'Hub.Test.Marker:0:*:{b"a-signature-of-the-tests-own".hex()}' >/var/lib/clamav/own.ndb
systemctl daemon-reload
"""


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example", "-c", "core.hooksPath=/dev/null")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree under the tag v1.0.0, and two later releases: one that makes tables wider, one that does more."""
    made = tmp_path_factory.mktemp("repository")
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "docs/pictures/")):
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, made / name)
    git(made, "init", "-q", "-b", "main")
    before = schema.newest_revision()
    for tag, expands in (("v1.0.0", None), ("v1.2.3", True), ("v1.3.0", False)):
        if expands is not None:
            revision = f"{int(before) + 1:04}"
            text = migration_text(revision, before, expands=expands, name=f"of_{revision}")
            (made / VERSIONS / f"{revision}_later.py").write_text(text, encoding="utf-8")
            before = revision
        git(made, "add", "-A")
        git(made, "commit", "-q", "-m", tag)
        git(made, "tag", tag)
    git(made, "checkout", "-q", "v1.0.0")
    return made


@pytest.fixture
def machine(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A fresh machine, with Debian's packages of step 1."""
    template = tmp_path_factory.mktemp("template")
    (template / "hooks").mkdir()
    (template / "hooks" / "post-checkout").write_text(_AFTER_CHECKOUT)
    (template / "hooks" / "post-checkout").chmod(0o755)
    libraries = Path(sysconfig.get_paths()["purelib"])
    with booted({"repository": repository, "template": template, "libraries": libraries}) as made:
        made.run(_MACHINES_OWN)
        yield made


def doctor(machine: Machine) -> dict[str, str]:
    """How each part is, but for the mail server and the gateway of text messages, which are nowhere."""
    said = machine.run("hub doctor --json --running || true")
    parts = {each["part"]: each["state"] for each in json.loads(said)["parts"]}
    assert (parts.pop("mail"), parts.pop("sms")) == ("wrong", "wrong")
    return parts


def is_served(machine: Machine) -> bool:
    """Whether the pages are there, by name, over TLS and through the proxy."""
    said = machine.run(f"curl -s --retry 40 --retry-delay 1 --retry-all-errors --fail --cacert {TRUST} -o /dev/null "
                       f"-w '%{{http_code}} %{{ssl_verify_result}}' https://{NAME}/sign-in/")  # fmt: skip
    return said == "200 0"


def to_the_proxy() -> str:
    """Steps 2 to 9, in one shell, as somebody at a keyboard has it."""
    script = steps("2. The hub", "3. A user and folders", "4. Roles of the database", "5. Secrets", "6. Settings")
    script += steps("7. The virus scanner", "8. Services") + steps("9. The proxy").partition("apt-get")[0]
    return changed(
        script,
        {
            "git clone REPOSITORY": f"git clone -q --branch v1.0.0 {REPOSITORY}",
            "editor /etc/hub/hub.env": "",
            "systemctl stop clamav-freshclam; freshclam; systemctl start clamav-freshclam": "",
            "YOUR.NAME": NAME,
        },
    )


def parts_of_upgrade(machine: Machine, tag: str) -> tuple[str, str]:
    """The two blocks of step 14, for that tag: what is asked beforehand, and the new code."""
    text = steps("14. When there is a new version").replace("v1.2.3", tag).replace("REPOSITORY", REPOSITORY)
    before, stop, after = text.partition("systemctl stop")
    return before, stop + after


def newest(pattern: str) -> str:
    """The name of the newest folder of those, for a shell: since it was made the day may have changed."""
    return f'$(basename "$(ls -dt {pattern} | head -n 1)")'


def way_back(day: str = newest("/var/backups/hub/[0-3][0-9]")) -> str:
    """Step 13 with that backup, by default the last that was made; what is kept outside lies beside the backups."""
    script = steps("13. When it has to be put back")
    return changed(script, {"hub/DAY": f"hub/{day}", "OUTSIDE/": "/var/backups/hub/"})


def test_the_document_leads_from_a_fresh_machine_through_two_upgrades_and_back(machine: Machine) -> None:
    machine.run(to_the_proxy())
    assert is_served(machine)
    assert "wrong" not in doctor(machine).values()

    machine.run(steps("10. The first people, the first bank").replace("YOUR.NAME", NAME))
    looked = changed(steps("11. Does it work?"), {"hub doctor ": "hub doctor || true ", "YOUR.NAME": NAME})
    said = machine.run(f"export CURL_CA_BUNDLE={TRUST}\n{looked}").lower()
    assert "strict-transport-security" in said
    assert said.splitlines()[-1] == "404"

    # What dies is started again.
    machine.run("systemctl restart hub-web; systemctl kill -s KILL hub-web hub-worker")
    assert is_served(machine)
    machine.run("systemctl is-active hub-web hub-worker")

    beforehand, new_code = parts_of_upgrade(machine, "v1.2.3")
    assert machine.run(f"set +e\n{beforehand}").splitlines()[-1] == "3"
    machine.run("HUB_AS=owner hub-next db upgrade")
    assert is_served(machine)
    machine.run(changed(new_code, {"hub doctor": "hub doctor || true"}))
    assert is_served(machine)

    beforehand, new_code = parts_of_upgrade(machine, "v1.3.0")
    assert machine.run(f"set +e\n{beforehand}").splitlines()[-1] == "4"
    machine.run("systemctl stop hub-web hub-worker; HUB_AS=owner hub-next db upgrade")
    machine.run(changed(new_code, {"hub doctor": "hub doctor || true"}))
    assert is_served(machine)

    # It went too far: the code of before, and the backup that was made just before it.
    machine.run(f"systemctl stop hub-web hub-worker; cd /opt/hub; git checkout -q v1.2.3; .ci/setup\n{way_back()}")
    assert is_served(machine)
    assert "wrong" not in doctor(machine).values()
    assert "01020000" in machine.run("hub bank list")


def test_the_document_leads_back_to_a_moment_between_two_nights(machine: Machine) -> None:
    machine.run(to_the_proxy())
    setting_up, going_back, ending = blocks("To a moment")
    assert "database  checked" in machine.run(setting_up)
    bank = "hub bank add --code {} --name-zh 中国工商银行 --name-en ICBC --adapter portal --closed"
    machine.run(f"systemctl start hub-backup\n{bank.format('01020000')}")
    moment = machine.run("runuser -u postgres -- psql -Atc 'SELECT clock_timestamp()'").strip()
    machine.run(f"{bank.format('01030000')}\nhub log head --sign >>/var/backups/hub/heads.jsonl")

    going_back = changed(
        going_back,
        {
            "hub-base/DAY": f"hub-base/{newest('/var/backups/hub-base/*-*-*')}",
            "2026-11-29 14:05:00+08": moment,
            "promote &\n": "promote >/run/moment.log 2>&1 &\n",
            "/postgresql/15/": f"/postgresql/{VERSION}/",
        },
    )
    again = changed(way_back("moment"), {"heads.jsonl\n": "heads.jsonl --reason 'a bank too many'\n"})
    machine.run(f"{going_back}{again}{ending.replace('/postgresql/15/', f'/postgresql/{VERSION}/')}")
    assert is_served(machine)
    banks = machine.run("hub bank list")
    assert ("01020000" in banks, "01030000" in banks) == (True, False)
    assert "moment" not in machine.run("ls /var/lib/postgresql /etc/hub/secrets").split()


def test_the_document_puts_a_pooler_and_half_a_years_journal_beside_a_hub(machine: Machine) -> None:
    machine.run(to_the_proxy())
    machine.run(blocks("A pooler")[0])
    assert is_served(machine)
    *_, (there_are, needed) = re.findall(
        r"descriptor limit: (\d+) .* expected fd use: (\d+)", machine.run("journalctl -q -u pgbouncer -o cat")
    )
    assert int(needed) <= int(there_are)
    ready = "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8000/readyz"
    assert machine.run(f"systemctl stop pgbouncer; {ready}") == "503"
    assert machine.run(f"systemctl start pgbouncer; {ready} --retry 20 --retry-delay 1") == "200"

    machine.run(blocks("Logs")[0].partition("apt-get")[0])
    assert "hub-web" in machine.run("journalctl -q -n 1 -u hub-web -o json --output-fields SYSLOG_IDENTIFIER")
