"""Internal notes: for the bank's own people and auditors, and nowhere that the customer or a machine reads."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB, Party
from hub.services.documents import records
from hub.services.negotiations import notes
from hub.services.operating import audit
from hub.services.reading.bank.negotiation import packet_and_standing
from hub.wiring import Hub
from storage.access_log import list_readings
from storage.records import CaseNoteRecord, LogEntryRecord, UnfinishedFormRecord
from tests.applications import CMB
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk
from tests.web.pages.test_unfinished import SCRIPT

SECRET = "客户上周来过网点，情绪较低，回电请放缓语速"


def noted(clerk: Clerk) -> None:
    assert clerk.done("/notes", {**clerk.form("/notes"), "text": SECRET}) == "noted"


def test_a_note_is_read_by_colleagues_and_auditors_with_author_and_time(
    app: Flask, hub: Hub, case: Case, clerk: Clerk, chief: Clerk
) -> None:
    before = count(hub, LogEntryRecord)
    noted(clerk)
    assert count(hub, LogEntryRecord) == before
    for reader in (chief, Clerk(app, "auditor", case)):
        text = reader.read()
        head = text.partition(SECRET)[0].rpartition("timeline-note")[2]
        assert "客户看不到" in head
        assert clerk.name in head
        assert "<time" in text.partition(SECRET)[2].partition("</p>")[0]
    with hub.reading(HUB) as tx:
        [record] = tx.session.query(CaseNoteRecord)
        assert SECRET.encode() not in record.text_sealed
        lines = [(each.kind, each.about, str(each.details)) for each in audit.newest(tx)]
    with case.row() as (_, row):
        assert [line for line in lines if line[0] == "note_written"] == [("note_written", row.reference, "{}")]


def test_neither_the_person_nor_a_record_nor_an_api_has_it(
    hub: Hub, case: Case, clerk: Clerk, work_off: Callable[[], int]
) -> None:
    noted(clerk)
    work_off()
    for party in (Party.BANK, Party.CARDHOLDER):
        assert SECRET not in str(case.view(party))
    assert SECRET not in str(case.log())
    with hub.reading(HUB) as tx:
        gathered = records.gather_named(tx, hub.store, case.id)
        assert SECRET not in str(list_readings(tx, case.id))
        packet = packet_and_standing(tx, case.id, bank_code=case.bank_code, language="zh")
        assert SECRET not in str(packet)
    written = io.BytesIO()
    gathered.write(written)
    with zipfile.ZipFile(written) as record:
        assert not any(SECRET.encode() in record.read(name) for name in record.namelist())


def test_one_box_has_two_buttons_and_a_draft_that_became_a_note_is_gone(clerk: Clerk, hub: Hub) -> None:
    text = clerk.read("/messages")
    assert f'formaction="{clerk.address}/notes"' in text
    form = {**clerk.form("/messages"), "text": SECRET}
    clerk.web.post(f"{clerk.address}/messages", data={**form, "do": "draft"}, headers=SCRIPT)
    assert clerk.done("/notes", form) == "noted"
    assert count(hub, UnfinishedFormRecord) == 0
    assert SECRET in clerk.read()


@pytest.mark.parametrize("text", ["", "  ", "长" * 5001])
def test_a_note_without_words_or_with_too_many_is_refused_and_not_kept(hub: Hub, clerk: Clerk, text: str) -> None:
    page, _ = clerk.refused("/notes", {**clerk.form("/notes"), "text": text})
    assert 'href="#f-text"' in page
    assert count(hub, CaseNoteRecord) == 0


def test_who_only_looks_and_another_bank_write_none(
    open_case: OpenCase, app: Flask, case: Case, clerk: Clerk, hub: Hub
) -> None:
    for reader, status in ((Clerk(app, "auditor", case), 403), (Clerk(app, "reviewer", open_case(bank_code=CMB)), 404)):
        data = {"csrf_token": reader.token(), "text": SECRET}
        assert reader.web.post(f"{clerk.address}/notes", data=data).status_code == status
        assert reader.get(f"{clerk.address}/notes").status_code == status
    assert count(hub, CaseNoteRecord) == 0


def test_the_newest_notes_stand_with_the_case_and_older_ones_behind_a_link(
    app: Flask, hub: Hub, case: Case, open_case: OpenCase, clerk: Clerk
) -> None:
    with hub.writing(case.REVIEWER) as tx:
        for number in range(1, 46):
            notes.add(tx, case.id, f"第{number}条备注", bank_code=case.bank_code)
    reader = Clerk(app, "auditor", case)
    seen: list[list[int]] = []
    paths = [""]
    while paths:
        text = unescape(reader.read(paths[0]))
        seen.append(sorted({int(each) for each in re.findall(r"第(\d+)条备注", text)}))
        paths = re.findall(rf'href="{reader.address}(/notes/before/\w+)"', text)
    assert seen == [[*range(26, 46)], [*range(6, 26)], [*range(1, 6)]]
    last = f"{case.id}/notes/before/{'0' * 32}"
    assert "没有更早的备注了。" in reader.page(f"/portal/negotiations/{last}")
    theirs = Clerk(app, "reviewer", open_case(bank_code=CMB))
    assert theirs.get(f"/portal/negotiations/{last}").status_code == 404
