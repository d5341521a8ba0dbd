"""Through the whole life of a negotiation, nothing personal stands anywhere in the clear: rows, files, jobs."""

import re
import shutil
import subprocess
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.correspondence import CallRecord
from hub.domain.review import Rejection, RejectionReason
from hub.services.accounts import clients
from hub.services.agreements import collection
from hub.services.negotiations import correspondence, review
from hub.services.reading.bank.negotiation import packet_and_standing
from hub.settings import Settings
from hub.wiring import Hub
from storage import clients as client_rows
from storage.clients import add_client
from tests import applications
from tests.applications import CMB
from tests.services.case import LARGE_OFFER, OFFER, Case, china
from tests.services.conftest import OpenCase

WORD = "标记文字"
CARD = applications.card(CMB, 987_654)
PERSON: dict[str, Any] = {
    "subject": "subject-marker-42",
    "name": "欧阳标记",
    "id_number": applications.id_number(876),
    "mobile": "13912348765",
    "email": "marker@example.com",
}
MARKERS = [*PERSON.values(), WORD, "标记.pdf", CARD, CARD[6:-4], f"{PERSON['id_number'][:17]}"]


def _spellings(marker: str) -> list[bytes]:
    """The marker as it could stand in a file: plain, in JSON, in UTF-16, in the hex of a database's dump."""
    in_json = marker.encode("unicode_escape").replace(b"\\x", b"\\u00")
    plain = marker.encode()
    return [plain, in_json, marker.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode()]


def _stands_in(content: bytes, marker: str) -> bool:
    """Whether the marker stands there in any spelling, and is no chance run of digits within a longer hex word."""
    hex_digit = rb"[0-9a-fA-F]"
    return any(
        re.search(rb"(?<!%b)%b(?!%b)" % (hex_digit, re.escape(spelling), hex_digit), content)
        if marker.isdecimal() and spelling == marker.encode()
        else spelling in content
        for spelling in _spellings(marker)
    )


def _live(case: Case) -> None:
    """Every deed that carries somebody's words, names or numbers."""
    case.write(f"{WORD}1", case.upload(name="标记.pdf"))
    case.work_off()
    case.defer(text=f"{WORD}0")
    case.ask(f"{WORD}2")
    case.write(f"{WORD}3", answers=True)
    with case.hub.writing(case.REVIEWER) as tx:
        correspondence.write_to_cardholder(tx, case.id, f"{WORD}4", bank_code=case.bank_code)
        packet_and_standing(tx, case.id, bank_code=case.bank_code, language="zh")
    case.send_back(case.offer(replace(LARGE_OFFER, note=f"{WORD}5")))
    case.decline(case.offer())
    with case.hub.writing(case.cardholder) as tx:
        call = CallRecord(at=china("2026-11-21 09:00"), text=f"{WORD}6")
        correspondence.log_own_call(tx, case.id, call, None, client_id=case.client_id)
        clients.launch(tx, case.client_id, {**PERSON, "id_type": "resident_id", "cards": [CARD]})
        answer = client_rows.FirstAnswer(fingerprint="f" * 64, status=201, location=None, body=PERSON)
        client_rows.keep_first_answer(tx, case.client_id, "key", answer)
    offer = case.offer()
    case.counter(replace(OFFER, note=f"{WORD}7"))
    with case.hub.writing(case.REVIEWER) as tx:
        review.reject(
            tx, case.id, Rejection(reason_code=RejectionReason.OTHER, text=f"{WORD}8"), bank_code=case.bank_code
        )
    case.accept(offer)
    case.work_off()
    case.at("2026-12-24 10:00")
    case.miss()
    case.take_back(text=f"{WORD}9")
    with case.hub.writing(case.cardholder) as tx:
        said = CollectionReport(at=case.clock.at, channel=CollectionChannel.PHONE, caller=f"{WORD}10", text=f"{WORD}11")
        report_id = collection.report(tx, case.id, said, client_id=case.client_id).id
    with case.hub.writing(case.REVIEWER) as tx:
        collection.answer(tx, case.id, report_id, f"{WORD}12", bank_code=case.bank_code)
    case.end(EndReason.REPLACED, f"{WORD}13")


def _everything(hub: Hub, settings: Settings) -> dict[str, bytes]:
    """Every byte that is kept: the files of the hub's folder, and the dump of a PostgreSQL."""
    kept = {str(path): path.read_bytes() for path in settings.home.rglob("*") if path.is_file()}
    if not hub.database.on_sqlite:
        kept["dump"] = _dump(settings.database_url)
    return kept


def _dump(url: str) -> bytes:
    program = shutil.which("pg_dump")
    if program is not None:
        address = url.replace("+psycopg", "")
        return subprocess.run([program, "--inserts", address], check=True, capture_output=True, timeout=60).stdout
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT schemaname, relname FROM pg_stat_user_tables").fetchall()
        rows = [connection.execute(f'SELECT * FROM "{a}"."{b}"').fetchall() for a, b in tables]
    return repr(rows).encode()


def _reject(open_case: OpenCase, person: dict[str, Any]) -> None:
    other = open_case(applicant=applications.person(877, name=person["name"]))
    other.reject(text=f"{WORD}10")
    withdrawn = open_case(applicant=applications.person(878, email=person["email"]))
    withdrawn.withdraw()


def test_no_marker_stands_in_any_row_file_or_job(open_case: OpenCase, settings: Settings) -> None:
    account = applications.account(CMB, card_number=CARD)
    hardship = {"reasons": ["other"], "since": "2026-06-01", "description": f"{WORD}0"}
    representative = {"name": f"{WORD}甲", "relation": "配偶", "mobile": "13912348766", "authority_evidence": None}
    case = open_case(
        CMB,
        applicant={**applications.person(876), **PERSON},
        accounts=[account],
        hardship=hardship,
        representative=representative,
    )
    assert case.status == "awaiting_bank"
    # The last deeds of the first case are of the month after.
    _reject(open_case, PERSON)
    _live(case)

    kept = _everything(case.hub, settings)
    assert sum(map(len, kept.values())) > 100_000
    found = [(marker, place) for place, content in kept.items() for marker in MARKERS if _stands_in(content, marker)]
    assert found == []


def test_the_search_would_find_what_stands_in_the_clear(open_case: OpenCase, settings: Settings) -> None:
    case = open_case()
    with case.hub.writing(HUB) as tx:
        client_rows.add_client(tx, name=PERSON["email"], scopes=[WORD], bank_code=None)
    everything = b"".join(_everything(case.hub, settings).values())
    for marker in (PERSON["email"], WORD):
        assert _stands_in(everything, marker)


@pytest.mark.parametrize("secret", ["client_secret", "code"])
def test_secrets_are_kept_as_digests(hub: Hub, settings: Settings, open_case: OpenCase, secret: str) -> None:
    case = open_case()
    with hub.writing(HUB) as tx:
        if secret == "code":
            told = clients.launch(tx, case.client_id, PERSON).code
        else:
            told = add_client(tx, name="another", scopes=["applications:read"], bank_code=None)[1]
    for place, content in _everything(hub, settings).items():
        assert (place, told.encode() in content) == (place, False)
