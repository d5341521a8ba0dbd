"""After an erasure nothing of what stood for the person is left: no sealed value, no key, no keyed hash, no file."""

import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.evidence import EvidenceKind
from hub.domain.retention import Periods
from hub.services.accounts import clients
from hub.services.applications.person_index import person_indexes
from hub.services.erasure import requests
from hub.services.negotiations import notes
from hub.services.operating import invariants
from hub.settings import Settings
from storage import clients as client_rows
from storage import negotiations, queue_index
from storage.data_map import TABLES
from storage.personal_data import Whose
from storage.records import ErasureRecord, Record
from tests import applications
from tests.applications import ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.kept_bytes import everything
from tests.services.posting import Posting

PERSON: dict[str, Any] = {
    **applications.person(871),
    "subject": "subject-marker-71",
    "name": "欧阳标记",
    "mobile": "13912348761",
    "email": "marker71@example.com",
}
# Hashes of the reasons by bank, which name nobody and without which no total could be made anew.
COUNTED_BY = {("clock", "reason_marks")}

LEFT_BY_A_CASE = {
    *("submission.body_sealed", "log_content.text_sealed", "search_key.key", "negotiation.person_index"),
    *("case_note.text_sealed", "evidence.file_key_sealed", "document.file_key_sealed", "launch.person_sealed"),
}

# Of the entry that tells of the erasure, and of the message with which the bank is told.
TOLD_SINCE = {"delivery.body_sealed", "content_salt.salt_sealed", "log_content.salt_sealed"} | {
    "log_content.text_sealed"
}


def live(case: Case) -> None:
    """What leaves something of the person in nearly every table of a negotiation without an agreement."""
    case.write("标记一", case.upload(EvidenceKind.DISABILITY_PROOF, name="标记.pdf"))
    case.work_off()
    case.ask("标记二")
    case.write("标记三", answers=True)
    case.decline(case.offer())
    clerk = Actor(party=Party.BANK, id="staff/reviewer", channel=Channel.PORTAL)
    with case.hub.writing(clerk) as tx:
        notes.add(tx, case.id, "标记四", bank_code=case.bank_code)
    with case.hub.writing(case.cardholder) as tx:
        clients.launch(tx, case.client_id, {**PERSON, "cards": []})
        told = client_rows.FirstAnswer(fingerprint="f" * 64, status=201, location=None, body=f'{{"id": "{case.id}"}}')
        client_rows.keep_first_answer(tx, case.client_id, "key", told)
    case.reject(text="标记五")
    case.work_off()


def personal_values(case: Case) -> dict[str, list[bytes]]:
    """Each value of a column that is somebody's of those a bank is told of, long enough not to stand by chance."""
    found: dict[str, list[bytes]] = {}
    with case.hub.reading(HUB) as tx:
        for name, table in TABLES.items():
            columns = [each for each, whose in table.columns() if whose in (Whose.CARDHOLDER, Whose.OTHERS_TOO)]
            for column in (Record.metadata.tables[name].c[each] for each in columns if (name, each) not in COUNTED_BY):
                values = (value for (value,) in tx.session.execute(sa.select(column)) if value is not None)
                long = [value for value in values if isinstance(value, bytes) and len(value) >= 16]
                if long:
                    found[f"{name}.{column.name}"] = long
    return found


def stored_files(settings: Settings) -> list[Path]:
    return [each for each in (settings.home / "evidence").rglob("*") if each.is_file()]


def test_nothing_that_stood_for_the_person_is_left(open_case: OpenCase, settings: Settings) -> None:
    case = open_case(applicant=PERSON)
    live(case)
    before = personal_values(case)
    assert before.keys() >= LEFT_BY_A_CASE
    with case.row() as (_, row):
        reference = row.reference
    with case.hub.writing(HUB) as tx:
        requests.erase_by_letter(tx, reference, Periods.parse(""))
    case.work_off()
    # The last mail is what their address was kept for.
    Posting(hub=case.hub, clock=case.clock).send()
    if case.hub.database.on_sqlite:
        with case.hub.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")

    kept = everything(case.hub, settings)
    content = b"".join(kept.values())
    told_since = {value for values in personal_values(case).values() for value in values}
    left = [
        place
        for place, values in before.items()
        for value in values
        if value not in told_since and (value in content or re.search(value.hex().encode(), content, re.IGNORECASE))
    ]
    assert left == []
    assert EvidenceKind.DISABILITY_PROOF.encode() not in content
    assert set(personal_values(case)) <= TOLD_SINCE
    assert stored_files(settings) == []
    with case.row() as (tx, row):
        indexes = person_indexes(tx, PERSON["id_type"], PERSON["id_number"])
        mobiles = tx.keyring.indexes(PERSON["mobile"], purpose="mobile")
        assert negotiations.list_of_person(tx, person_indexes=indexes, mobile_indexes=[]) == []
        assert negotiations.list_of_person(tx, person_indexes=None, mobile_indexes=mobiles) == []
        assert queue_index.find(tx, ICBC, [reference, PERSON["mobile"][-4:], PERSON["name"]], most=9) == []
        assert tx.session.scalars(sa.select(ErasureRecord.done_at)).one() is not None
        assert list(invariants.breaches(tx, case.hub.store)) == []
