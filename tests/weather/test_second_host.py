"""A second host beside the one with PostgreSQL and S3: its own home, its own web and worker, a cable in between.

Linux lets each host be a network of its own on this machine: see `tests.weather.hosts`.
"""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.banks.standard_webhooks import secrets_of, signed_headers
from hub.domain.actor import HUB
from hub.services.accounts import clients as client_deeds
from hub.settings import parse_settings
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.clients import add_client
from storage.records import LogEntryRecord
from tests.applications import BANK_NAMES, CMB, ICBC, application, pdf, person, terms
from tests.commands.set_clock import set_to_morning
from tests.deploy.whole_way import given
from tests.jobs.waiting import wait_until
from tests.kills.far_bank import SECRET as FAR_SECRET
from tests.kills.far_bank import Copy, FarBank
from tests.kills.findings import ONE_EACH
from tests.kills.story import newest_code
from tests.weather.hosts import (
    BANK_PORT,
    WEB_PORT,
    At,
    Host,
    Network,
    Servers,
    fake_time_library,
    servers_on,
    two_networks,
    why_not,
)
from tests.weather.serving import SECRET

WHY_NOT = why_not()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(WHY_NOT is not None, reason=f"no second host: {WHY_NOT}")]

Json = dict[str, Any]
APART_S = 120
_APP, _REVIEWS = ("applications:write", "applications:read"), ("negotiations:review",)


@pytest.fixture(scope="module")
def networks() -> Iterator[tuple[Network, Network]]:
    """Those of the two hosts."""
    with two_networks() as made:
        yield made


def opened(settings: dict[str, str]) -> Hub:
    return Hub(parse_settings({"HUB_SECRET_KEYS": SECRET, **settings}))


@pytest.fixture(scope="module")
def servers(networks: tuple[Network, Network], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL with a database that has every table, and S3, on the first host."""
    one, _ = networks
    with servers_on(one) as made:
        there = one.do(made.postgres.create_database, "migrated")
        hub = opened({"HUB_HOME": str(tmp_path_factory.mktemp("migrated")), "HUB_DATABASE_URL": there})
        one.do(hub.migrate)
        one.do(hub.close)
        yield made


@dataclass(kw_only=True)
class Pair:
    """Two hosts of one hub, who calls them, and the bank that both can reach, wherever the cable is."""

    one: Host
    two: Host
    banks: tuple[FarBank, FarBank]
    tokens: dict[str, str]
    local_settings: dict[str, str]

    def app(self, host: Host) -> At:
        """The person's app, at that host."""
        return host.program(self.tokens["app"])

    def clerk(self, host: Host) -> At:
        """The program of the bank's clerks, at that host."""
        return host.program(self.tokens[ICBC])

    def serve(self) -> None:
        """Both hosts have a web, and the second a worker."""
        self.two.start("worker")
        for host in (self.one, self.two):
            host.start("web", "--port", str(WEB_PORT), "--workers", "1")
        for host in (self.one, self.two):
            wait_until(host.is_up, what=f"the web at {host.network.address}: {host.said}")

    def apply(self, host: Host, *bank_codes: str) -> dict[str, str]:
        """A person has sent an application with a file at that host; gives the negotiations by bank."""
        app = self.app(host)
        file = given(app.upload(pdf()), 201)["id"]
        body = application(*bank_codes, applicant=person(), evidence=[{"id": file, "kind": "payslip"}])
        made = given(app.post("/applications", body), 201)
        return {each["bank"]["code"]: each["id"] for each in made["negotiations"]} | {"file": file}

    def shown(self, host: Host, negotiation: str) -> Json:
        """The negotiation as the person sees it there."""
        return given(self.app(host).get(f"/api/v1/negotiations/{negotiation}"), 200)

    def has_arrived(self, host: Host, *negotiations: str) -> bool:
        """Whether each bank has it, as the person sees it there."""
        return all(self.shown(host, each)["status"] == "awaiting_bank" for each in negotiations)

    def code(self) -> str | None:
        """The newest code that came to the person's mobile, by whichever host."""
        folders = (host.home / "sms" for host in (self.one, self.two))
        files = [path for folder in folders for path in folder.glob("*.json")]
        newest = max(files, key=lambda path: path.stat().st_mtime_ns, default=None)
        return None if newest is None else newest_code(newest.parent)

    @property
    def copies(self) -> list[Copy]:
        """What came to the bank with a system of its own, from either host."""
        return [copy for bank in self.banks for copy in bank.copies]

    def looked_into(self) -> list[str]:
        """What is there twice that may be there once, and what was given up."""
        hub = opened(self.local_settings)
        try:
            found = [f"given up: {job.name} ({job.error})" for job in hub.jobs.list_dead()]
            with hub.reading(HUB) as tx:
                for what, query in ONE_EACH.items():
                    names = list(tx.session.execute(sa.text(query)).scalars())
                    found += [f"more than one {what}: {sorted(names)}"] * (len(set(names)) != len(names))
        finally:
            hub.close()
        return found

    def times_in_log(self, negotiation: str) -> list[datetime]:
        """When each entry was written by its host's clock, in the log's order."""
        hub = opened(self.local_settings)
        try:
            with hub.reading(HUB) as tx:
                table = LogEntryRecord
                query = sa.select(table.at).where(table.negotiation_id == negotiation).order_by(table.sequence)
                return list(tx.session.scalars(query))
        finally:
            hub.close()

    def require_whole(self, submitted: int) -> None:
        """Nothing is lost or done twice, as either host sees it; the bank has so many applications."""
        for host, words in ((self.one, ("check", "--all")), (self.two, ("log", "verify"))):
            checked = host.command(*words)
            assert checked.returncode == 0, (words, checked.stdout, checked.stderr)
        assert self.one.network.do(self.looked_into) == []
        assert [fault for bank in self.banks for fault in bank.faults_of(None)] == []
        ids = {copy.id: copy for copy in self.copies}
        assert sum(copy.kind == "negotiation.submitted" for copy in ids.values()) == submitted
        assert len({copy.digest for copy in self.copies}) == len(ids)


def _people(settings: dict[str, str]) -> dict[str, str]:
    """Two banks, one of them with a system of its own; the app and the clerks' program each have a token."""
    hub = opened(settings)
    tokens = {}
    try:
        with hub.writing(HUB) as tx:
            far = {"url": f"http://127.0.0.1:{BANK_PORT}/events", "secret": FAR_SECRET}
            for code, adapter, its in ((ICBC, "portal", {}), (CMB, "webhook", far)):
                zh, en = BANK_NAMES[code]
                bank_rows.add_bank(tx, code=code, name_zh=zh, name_en=en, adapter=adapter, settings=its)
            for name, scopes, bank_code in (("app", _APP, None), (ICBC, _REVIEWS, ICBC)):
                client, _ = add_client(tx, name=name, scopes=scopes, bank_code=bank_code)
                tokens[name] = client_deeds.grant_token(tx, client, sorted(scopes), at=hub.real_clock.now())
    finally:
        hub.close()
    return tokens


@pytest.fixture
def off_s(request: pytest.FixtureRequest) -> int:
    """How far the second host's clock is ahead of the first's, where a test says so."""
    return int(getattr(request, "param", 0))


@pytest.fixture
def pair(networks: tuple[Network, Network], servers: Servers, tmp_path: Path, off_s: int) -> Iterator[Pair]:
    """Two hosts on which nothing runs yet, on an empty database."""
    one, two = networks
    name = f"hub_{uuid.uuid4().hex}"
    local = one.do(servers.postgres.create_database, name, template="migrated")
    homes = [tmp_path / each for each in ("one", "two")]
    for home in homes:
        home.mkdir(mode=0o700)
    set_to_morning(homes[0])
    shutil.copy(homes[0] / "clock.json", homes[1])
    settings = {"HUB_DATABASE_URL": servers.url(name), **servers.s3_settings}
    local_settings = {"HUB_HOME": str(homes[0]), "HUB_DATABASE_URL": local}
    banks = one.do(FarBank, BANK_PORT), two.do(FarBank, BANK_PORT)
    made = Pair(
        one=Host(network=one, home=homes[0], settings=settings),
        two=Host(network=two, home=homes[1], settings=settings, off_s=off_s),
        banks=banks,
        tokens=one.do(_people, local_settings),
        local_settings=local_settings,
    )
    try:
        yield made
    finally:
        one.plug()
        for host in (made.one, made.two):
            host.kill()
        for bank in banks:
            bank.close()
        one.do(servers.postgres.drop_database, name)


def go(pair: Pair) -> dict[str, str]:
    """One matter from the files to the paper: sent at the first host, worked and answered at the second, read at both.

    Only the second host has a worker. Gives the negotiations by bank.
    """
    one, two = pair.one, pair.two
    made = pair.apply(one, ICBC, CMB)
    mine = made[ICBC]
    wait_until(lambda: pair.has_arrived(two, mine, made[CMB]), what=f"both banks to have it: {two.said}")
    assert [copy.kind for copy in pair.banks[1].copies] == ["negotiation.submitted"]

    clerk = pair.clerk(two)
    given(clerk.post(f"/bank/negotiations/{mine}/acknowledge", {}), 200)
    offer = given(clerk.post(f"/bank/negotiations/{mine}/offers", {"terms": terms()}), 201)["id"]
    for host in (one, two):
        assert pair.shown(host, mine)["status"] == "offered"
    # The code is asked for at one host and typed at the other.
    before = pair.code()
    assert pair.app(one).post(f"/negotiations/{mine}/offers/{offer}/confirmation-codes", {}).status == 202
    wait_until(lambda: pair.code() not in (None, before), what="the code")
    accepted = pair.app(two).post(f"/negotiations/{mine}/offers/{offer}/accept", {"confirmation_code": pair.code()})
    assert given(accepted, 200)
    wait_until(lambda: pair.shown(one, mine)["agreement"]["document"], what=f"the paper: {two.said}")

    papers, files = (
        {pair.app(host).get(f"/api/v1{path}").body for host in (one, two)}
        for path in (f"/negotiations/{mine}/agreement.pdf", f"/evidence/{made['file']}/content")
    )
    assert [paper[:5] for paper in papers] == [b"%PDF-"]
    assert [file[:5] for file in files] == [b"%PDF-"]
    return made


def test_what_comes_in_at_one_host_is_worked_and_answered_at_the_other_and_read_at_both(pair: Pair) -> None:
    pair.serve()
    go(pair)
    pair.require_whole(submitted=1)


def test_a_cut_cable_costs_nothing_and_the_host_behind_it_comes_back_by_itself(pair: Pair) -> None:
    one, two = pair.one, pair.two
    pair.serve()
    bank_of_one, bank_of_two = pair.banks
    bank_of_two.may_answer_first.clear()
    first = pair.apply(one, CMB)[CMB]
    wait_until(lambda: bank_of_two.copies, what=f"the second host to begin: {two.said}")
    one.start("worker")
    wait_until(lambda: "takes jobs" in one.said, what="the first host's worker")

    one.network.unplug()
    # The bank has it, and the host that hears so can tell nobody.
    bank_of_two.may_answer_first.set()
    second = pair.apply(one, CMB)[CMB]
    wait_until(lambda: pair.has_arrived(one, first, second), what=f"one to take over: {one.said}")
    assert {copy.negotiation for copy in bank_of_one.copies} == {first, second}
    assert [copy.negotiation for copy in bank_of_two.copies] == [first]
    assert pair.app(two).get("/readyz").status == 503
    assert pair.app(two).get(f"/api/v1/negotiations/{first}").status == 503

    one.network.plug()
    wait_until(two.is_up, what=f"the second host's web to come back: {two.said}")
    assert one.end("worker") == 0
    third = pair.apply(one, CMB)[CMB]
    wait_until(lambda: pair.has_arrived(two, third), what=f"the second host's worker to come back: {two.said}")
    assert two.runs("worker")
    assert [copy.negotiation for copy in bank_of_two.copies] == [first, third]
    pair.require_whole(submitted=3)


@pytest.mark.skipif(fake_time_library() is None, reason="no clock is set apart: install faketime")
@pytest.mark.parametrize("off_s", [APART_S, -APART_S], ids=["two minutes ahead", "two minutes behind"], indirect=True)
def test_a_host_whose_clock_is_two_minutes_off_works_on_and_says_so(pair: Pair, off_s: int, tmp_path: Path) -> None:
    one, two = pair.one, pair.two
    pair.serve()
    made = go(pair)
    require_said(two, off_s)
    require_heard(pair, two, made[CMB])

    # A head that one signs the other checks, and the log's order is that of its numbers.
    later_on = []
    for signs, checks in ((two, one), (one, two)):
        later_on.append(pair.apply(signs, CMB)[CMB])
        head = tmp_path / "head.jsonl"
        head.write_text(signs.command("log", "head", "--sign").stdout)
        checked = checks.command("log", "verify", "--head", str(head))
        assert checked.returncode == 0, (head.read_text(), checked.stdout, checked.stderr)
    steps = [
        (later - before).total_seconds() for before, later in pairwise(one.network.do(pair.times_in_log, made[ICBC]))
    ]
    assert -APART_S - 2 < min(steps) < 0
    wait_until(lambda: pair.has_arrived(one, *later_on), what=f"the bank to have both: {one.said} {two.said}")
    pair.require_whole(submitted=3)


def require_said(two: Host, off_s: int) -> None:
    """`hub doctor` on that host warns, and the figure that the alarm goes by says how far."""
    [database] = [
        each for each in json.loads(two.command("doctor", "--json").stdout)["parts"] if each["part"] == "database"
    ]
    assert database["state"] == "warning"
    said = re.search(r"its clock is (\d+) s (ahead of|behind) this machine's", database["detail"])
    assert said is not None, database
    assert abs(int(said[1]) - APART_S) <= 2
    assert said[2] == ("behind" if off_s > 0 else "ahead of")
    figures = two.program("").get("/metrics").body.decode()
    figure = re.search(r"^hub_database_clock_ahead_seconds (\S+)$", figures, re.MULTILINE)
    assert figure is not None
    assert abs(float(figure[1]) + off_s) <= 2


def require_heard(pair: Pair, host: Host, negotiation: str) -> None:
    """The bank, whose clock is right, is believed at that host."""
    body = json.dumps({"type": "negotiation.acknowledged", "negotiation": negotiation, "data": {}}).encode()
    headers = signed_headers(uuid.uuid4().hex, datetime.now(UTC), body, secrets_of(FAR_SECRET))
    answer = host.program("").call("POST", f"/adapters/{CMB}/events", body=body, headers=headers)
    assert answer.status < 300, answer.body
    assert pair.shown(pair.one, negotiation)["status"] == "in_review"
