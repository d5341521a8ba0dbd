"""What requests beside negotiations have in common, in a real browser: files, owners, the note that is signed."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.deduction import Deduction
from hub.domain.evidence import REFUND, CleanCopy, MediaType
from hub.domain.instalment_estimate import CancellationKind
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.evidence import evidence_files, judging
from hub.services.evidence.evidence_files import Upload
from hub.services.instalments import asking, proofs
from hub.services.mandates import deductions
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import ICBC, png
from tests.browser.conftest import PHONE, SCREEN, BrowserPage, LiveHub, assert_accessible, look_at
from tests.services.instalments import CONTACT, MATTER

pytestmark = pytest.mark.slow

SIZES = {"phone": PHONE, "screen": SCREEN}


def given(hub: Hub, person: Subject, matter_id: str) -> str:
    """The id of a file that the person gave with the request, judged and found clean."""
    upload = Upload(
        client_id=person.client_id,
        subject=None,
        kind=REFUND,
        file_name="退款截图.png",
        declared_type="image/png",
        length=None,
    )
    stored = evidence_files.receive(hub.store, upload, io.BytesIO(png()).read)
    with hub.writing(HUB) as tx:
        proofs.give_stored(tx, person, matter_id, [stored])
    judging.judge(
        hub,
        hub.store,
        lambda chunks, _: CleanCopy(media_type=MediaType.PNG, content=b"".join(chunks)),
        [stored.file.id],
    )
    return stored.file.id


@pytest.fixture
def asked(hub: Hub, banks: dict[str, Bank], clock: FixedClock, live: LiveHub) -> dict[str, list[str]]:
    """The pages, by who reads them, of a refund with its proof and of a reported deduction."""
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "instalments,mandates", "hotline": "95588"})
        client = demo_people.cardholder(tx, "cardholder-1")["client_id"]
        person = subjects.of_client(tx, client, demo_people.CARDHOLDERS["cardholder-1"].subject)
        wish = replace(
            MATTER.wish,
            kind=CancellationKind.REFUND,
            wanted_on=china_day(clock.at) + timedelta(days=3),
            merchant_refund_fen=MATTER.deal.principal_fen,
        )
        refund = asking.ask(tx, person, replace(MATTER, wish=wish), CONTACT).matter_id
        taken = Deduction(at=clock.at, amount_fen=12_345, account_last4="4401", creditor_code=ICBC, text="没有约定过")
        report = deductions.report(tx, person, taken).id
    file = given(hub, person, refund)
    desk = f"/portal/instalments/{refund}"
    return {
        "cardholder-1": [f"/my/instalments/{refund}", "/my/deductions/new"],
        f"reviewer-{ICBC}": [
            "/portal/requests",
            f"/portal/requests/{refund}/owner",
            desk,
            f"{desk}/evidence/{file}",
            f"/portal/deductions/{report}",
        ],
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("who", ["cardholder-1", f"reviewer-{ICBC}"], ids=["person", "clerk"])
def test_everybody_reads_it(
    browser_page: BrowserPage, asked: dict[str, list[str]], language: str, size: str, who: str
) -> None:
    page = browser_page(javascript=True, size=SIZES[size], person=who)
    page.goto(f"/calculator?lang={language}")
    for number, address in enumerate(asked[who]):
        page.goto(address)
        look_at(page, f"requests-{who[:4]}-{size}-{language}-{number}")
        assert_accessible(page, only="target-size")
