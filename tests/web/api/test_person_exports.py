"""All that is held of a person, by API: whole, of that client's person alone, and on record."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from hub.documents.printing import print_pdf
from hub.services.documents.person_overviews import READERS, READINGS_EN
from hub.services.operating.audit_words import READINGS
from hub.web.pages.display_names import GROUPS
from hub.wiring import Hub
from storage.data_map import TABLES
from tests.applications import ICBC, person
from tests.conftest import Submit
from tests.web.api.exported_tables import AREA_OF_TABLE, REASON_LEFT_OUT
from tests.web.caller import Caller, made

SUBJECT = "host-app-user-1"


def opened(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return zipfile.ZipFile(io.BytesIO(answer.data))


def words_of(pdf: bytes) -> str:
    """What stands on the pages, breaks of lines taken for blanks."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(told.split())


def area(export: zipfile.ZipFile, name: str) -> Any:
    return json.loads(export.read(f"data/{name}.json"))


@pytest.fixture
def there(host_app: Caller, submitted: Submit, work_off: Callable[[], int]) -> str:
    """A negotiation of the person, which its bank has; gives its path."""
    sent = submitted(ICBC, client=host_app.client, applicant=person(subject=SUBJECT))
    work_off()
    return f"/negotiations/{sent.negotiation}"


def test_it_holds_data_a_page_and_the_whole_record(host_app: Caller, there: str) -> None:
    told = made(host_app.get(there), 200)
    export = opened(host_app.get(f"/people/{SUBJECT}/export"))
    record = zipfile.ZipFile(io.BytesIO(export.read(f"negotiations/{told['reference']}/record.zip")))
    assert {"log.jsonl", "verify.py"} <= set(record.namelist())
    [sent] = area(export, "applications")
    assert sent["applicant"]["subject"] == SUBJECT
    [negotiation] = area(export, "negotiations")
    assert (negotiation["id"], negotiation["submissions"][0]["version"]) == (told["id"], 1)
    assert area(export, "consents")[told["reference"]][0]["purpose"] == "share_with_bank"
    assert area(export, "communications")[told["reference"]][0]["kind"] == "submitted"
    assert area(export, "files")[0]["file_name"] == "工资单.pdf"
    page = export.read("overview.html").decode()
    assert sent["applicant"]["name"] in page
    assert told["reference"] in page
    for words in ("平台保存的您的全部资料", "All that the hub holds of you"):
        assert words in export.read("README.txt").decode()


@pytest.mark.slow
def test_the_overview_says_what_is_held(hub: Hub, host_app: Caller, icbc: Caller, there: str) -> None:
    hub.print_pdf = print_pdf
    made(icbc.get(f"/bank{there}"), 200)
    export = opened(host_app.get(f"/people/{SUBJECT}/export"))
    text = words_of(export.read("overview.pdf"))
    for words in (
        "您的资料概览",
        "银行系统",
        "您上传的",
        "90 天",
        "183 天",
        "183 days from the end of the negotiation",
        "还款日历里的账单",
        "92 days from the bill's day",
        "登录记录",
    ):
        assert words in text


def test_every_reading_and_every_reader_has_words_in_both_languages() -> None:
    assert READINGS_EN.keys() == READINGS.keys()
    assert READERS.keys() == GROUPS["reader"].keys()


def test_a_file_that_was_not_sent_is_in_it(host_app: Caller) -> None:
    file = made(host_app.upload(subject=SUBJECT))
    export = opened(host_app.get(f"/people/{SUBJECT}/export"))
    assert [each["id"] for each in area(export, "files")] == [file["id"]]
    assert len(export.read(f"files/{file['id']}.pdf")) == file["size"]


def test_it_is_on_record(host_app: Caller, there: str) -> None:
    opened(host_app.get(f"/people/{SUBJECT}/export"))
    last = made(host_app.get(f"{there}/accesses"), 200)["items"][-1]
    assert (last["role"], last["what"]) == ("host_app", "person_export")


def test_anothers_person_is_not_found(there: str, caller: Callable[..., Caller]) -> None:
    stranger = caller("another app", "applications:read")
    assert stranger.get(f"/people/{SUBJECT}/export").status_code == 404


def test_what_the_bank_notes_for_itself_is_not_in_it(host_app: Caller, icbc: Caller, there: str) -> None:
    offered = made(icbc.get(f"/bank{there}"), 200)
    assert offered["reference"]
    export = opened(host_app.get(f"/people/{SUBJECT}/export"))
    whole = b"".join(export.read(name) for name in export.namelist() if name.startswith("data/"))
    for name in (b"reason_over_80", b"approvals", b"secret", b"_sealed"):
        assert name not in whole


def test_only_so_many_are_made_in_an_hour(host_app: Caller, there: str) -> None:
    for _ in range(6):
        assert host_app.get(f"/people/{SUBJECT}/export").status_code == 200
    assert host_app.get(f"/people/{SUBJECT}/export").status_code == 429


def test_every_table_with_data_of_the_person_is_in_it_or_has_a_reason(host_app: Caller, there: str) -> None:
    theirs = {name for name, table in TABLES.items() if table.cardholder or table.others_too}
    assert theirs == set(AREA_OF_TABLE) | set(REASON_LEFT_OUT)
    assert not set(AREA_OF_TABLE) & set(REASON_LEFT_OUT)
    names = set(opened(host_app.get(f"/people/{SUBJECT}/export")).namelist())
    areas = {name.removeprefix("data/").removesuffix(".json") for name in names if name.startswith("data/")}
    assert {each for each in AREA_OF_TABLE.values() if "/" not in each} <= areas
    assert all(REASON_LEFT_OUT.values())
