"""What seals a hub's papers, by its settings; what doctor, operators and the page for everybody are told of it."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from flask.testing import FlaskClient

from hub import health
from hub.documents.seal_files import OWN_NAME, SealKey
from hub.domain.actor import HUB
from hub.domain.errors import Unusable
from hub.findings import Part, State
from hub.paper_sealing import PaperSealing, own_seal_of
from hub.services.operating import operator_tasks, seal_tasks
from hub.settings import PRODUCTION, Settings
from hub.wiring import Hub
from tests import applications
from tests.documents.seals import Authority, new_authority, pdfsig, pem_chain, pem_of
from tests.documents.time_stamps import StampService, stamping

NOW = datetime.now().astimezone()
DAY = timedelta(days=1)


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Seals are in files, and tasks the same in both."""
    return sqlite_database


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority()


def given(settings: Settings, made: SealKey) -> Settings:
    """The settings with the key in files."""
    key, certificate = settings.home / "key.pem", settings.home / "certificate.pem"
    settings.home.mkdir(exist_ok=True)
    key.unlink(missing_ok=True)
    key.write_bytes(pem_of(made.key))
    key.chmod(0o400)
    certificate.write_bytes(pem_chain(made))
    return replace(settings, paper_key_file=key, paper_certificate_file=certificate)


def sealing(settings: Settings) -> PaperSealing:
    return PaperSealing(settings, lambda: NOW)


def told(hub: Hub) -> list[tuple[str, object]]:
    seal_tasks.look(hub, hub.sealing.ending)
    with hub.reading(HUB) as tx:
        return [(each.kind, each.params["serial"]) for each in operator_tasks.open_tasks(tx)]


def doctor(hub: Hub) -> tuple[State, str]:
    found = health.look(hub, Part.SEAL)
    return found.state, found.detail


def test_an_embedded_hub_makes_its_own_and_keeps_it(settings: Settings, tmp_path: Path) -> None:
    first = sealing(settings)
    assert not first.is_made
    made = first.seal
    assert made is not None
    assert OWN_NAME in made.subject
    path = own_seal_of(settings)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    later = sealing(settings)
    assert later.is_made
    assert later.seal == made
    assert later.signer is not None
    assert "Signature is Valid" in pdfsig(later.signer.sign(applications.pdf()), tmp_path)
    path.write_text("rubbish")
    with pytest.raises(Unusable, match=path.name):
        sealing(settings).require()


def test_production_without_a_key_seals_nothing(settings: Settings) -> None:
    without = sealing(replace(settings, env=PRODUCTION))
    without.require()
    assert (without.is_made, without.seal, without.signer, without.ending) == (True, None, None, None)
    assert not own_seal_of(settings).exists()


def test_a_key_that_was_given_seals_in_place_of_its_own(settings: Settings, authority: Authority) -> None:
    made = authority.issue(begins_at=NOW - DAY, ends_at=NOW + 90 * DAY)
    for env in (settings.env, PRODUCTION):
        found = sealing(replace(given(settings, made), env=env))
        assert found.seal == made.seal
        assert found.ending is None
    assert not own_seal_of(settings).exists()


def test_who_cannot_read_the_key_can_name_the_certificate(settings: Settings, authority: Authority) -> None:
    made = authority.issue(begins_at=NOW - DAY, ends_at=NOW + 90 * DAY)
    keyless = given(settings, made)
    assert keyless.paper_key_file is not None
    assert keyless.paper_certificate_file is not None
    keyless.paper_key_file.unlink()
    last = b"".join(each.public_bytes(Encoding.PEM) for each in (*made.issuers, made.certificate))
    for content in (pem_chain(made), last, made.certificate.public_bytes(Encoding.PEM)):
        keyless.paper_certificate_file.write_bytes(content)
        assert sealing(keyless).shown == made.seal
    keyless.paper_certificate_file.write_bytes(pem_chain(authority.issue(begins_at=NOW - DAY, ends_at=NOW - DAY / 2)))
    assert sealing(keyless).shown is None


def test_one_that_cannot_be_used_is_said_before_the_first_paper(settings: Settings) -> None:
    broken = replace(settings, paper_key_file=settings.home / "absent.pem")
    with pytest.raises(Unusable, match="HUB_PAPER_KEY_FILE"):
        sealing(broken).require()


@pytest.mark.parametrize(
    ("begins", "ends", "seals", "warns"), [(-9, 31, 1, 0), (-9, 29, 1, 1), (-9, -1, 0, 1), (1, 90, 0, 0)]
)
def test_outside_its_time_a_certificate_seals_nothing(
    settings: Settings, authority: Authority, begins: int, ends: int, seals: int, warns: int
) -> None:
    made = authority.issue(begins_at=NOW + begins * DAY, ends_at=NOW + ends * DAY)
    found = sealing(given(settings, made))
    assert (found.seal is not None, found.signer is not None, found.ending is not None) == (seals, seals, warns)
    assert found.given == made.seal


def test_doctor_makes_nothing_and_says_what_seals(hub: Hub, settings: Settings, authority: Authority) -> None:
    state, detail = doctor(hub)
    assert (state, own_seal_of(settings).exists()) == (State.WARNING, False)
    hub.sealing.require()
    state, detail = doctor(hub)
    assert state == State.FINE
    assert OWN_NAME in detail
    assert "without time stamps" in detail
    state, detail = doctor(Hub(replace(settings, env=PRODUCTION)))
    assert state == State.WARNING
    assert "HUB_PAPER_KEY_FILE" in detail
    for ends, expected in ((29, State.WARNING), (-1, State.WRONG)):
        made = authority.issue(begins_at=NOW - 90 * DAY, ends_at=NOW + ends * DAY)
        state, detail = doctor(Hub(given(settings, made)))
        assert state == expected
        assert made.seal.serial in detail
    state, detail = doctor(Hub(replace(settings, paper_key_file=settings.home / "absent.pem")))
    assert state == State.WRONG
    assert "HUB_PAPER_KEY_FILE" in detail


def test_doctor_warns_where_everybody_can_read_the_key(settings: Settings, authority: Authority) -> None:
    made = given(settings, authority.issue(begins_at=NOW - DAY, ends_at=NOW + 90 * DAY))
    assert made.paper_key_file is not None
    for mode, expected in ((0o400, State.FINE), (0o440, State.FINE), (0o444, State.WARNING)):
        made.paper_key_file.chmod(mode)
        state, detail = doctor(Hub(made))
        assert (state, "chmod 400" in detail) == (expected, expected == State.WARNING)


@pytest.fixture
def stamps(authority: Authority) -> Iterator[StampService]:
    with stamping(authority) as service:
        yield service


def test_doctor_asks_the_authority_for_a_stamp(settings: Settings, stamps: StampService) -> None:
    hub = Hub(replace(settings, tsa_url=stamps.url))
    hub.sealing.require()
    state, detail = doctor(hub)
    assert (state, len(stamps.asked)) == (State.FINE, 1)
    assert "time stamps by 127.0.0.1" in detail
    stamps.status = 500
    state, detail = doctor(hub)
    assert state == State.WARNING
    assert "HUB_TSA_URL" in detail


def test_operators_have_a_task_while_the_certificate_ends(hub: Hub, settings: Settings, authority: Authority) -> None:
    ending, other, fresh = (
        authority.issue(begins_at=NOW - 90 * DAY, ends_at=NOW + days * DAY) for days in (20, -1, 200)
    )
    assert told(hub) == []
    for made, expected in ((ending, 1), (ending, 1), (other, 1), (fresh, 0)):
        changed = Hub(given(settings, made), clock=hub.clock)
        tasks = told(changed)
        changed.close()
        assert tasks == [("seal_ends", made.seal.serial)] * expected


def test_everybody_can_read_which_certificate_seals(hub: Hub, web: FlaskClient) -> None:
    assert "平台的电子签章" not in web.get("/verify").get_data(as_text=True)
    assert not own_seal_of(hub.settings).exists()
    hub.sealing.require()
    seal = hub.sealing.seal
    assert seal is not None
    page = web.get("/verify").get_data(as_text=True)
    for said in (
        "平台的电子签章",
        OWN_NAME,
        seal.serial,
        seal.fingerprint,
        "不代替银行或持卡人的签名、盖章",
        "未经电子认证服务机构认证",
    ):
        assert said in page, said
    english = web.get("/verify?lang=en").get_data(as_text=True)
    assert "electronic seal" in english
    assert "Serial number" in english


def test_a_page_goes_on_where_the_key_cannot_be_read(hub: Hub, web: FlaskClient) -> None:
    own_seal_of(hub.settings).parent.mkdir(exist_ok=True)
    own_seal_of(hub.settings).write_text("rubbish")
    answer = web.get("/verify")
    assert answer.status_code == 200
    assert "平台的电子签章" not in answer.get_data(as_text=True)
