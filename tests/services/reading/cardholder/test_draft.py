"""What a person is shown while they apply, and what they have sent, straight from the reading side."""

from __future__ import annotations

import io
from typing import Any

import pytest

from hub.domain.bank import Bank
from hub.domain.errors import NotFound
from hub.domain.evidence import EvidenceKind, EvidenceStatus
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import drafts
from hub.services.applications.drafts import FORM_CLIENT
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Upload
from hub.services.reading.cardholder import draft
from hub.wiring import Hub
from tests.applications import CITIC, CITIC_CARDS, ICBC, account, card, pdf
from tests.conftest import Submit

HELD = ((ICBC, card(ICBC)), ("09999999", "6222100000000007"))


@pytest.fixture
def holder(hub: Hub) -> Cardholder:
    """Somebody whom a host app sent over with a card of ICBC and one of a bank that is not here."""
    return Cardholder(key="", mobile="13800138000", mobile_indexes=(b"m",), person_indexes=(b"p",), cards=HELD)


def test_cards_are_those_of_the_host_app_and_of_the_draft_each_once(
    hub: Hub, banks: dict[str, Bank], holder: Cardholder
) -> None:
    accounts = [account(ICBC), account(CITIC_CARDS)]
    with hub.reading(holder.actor) as tx:
        found = draft.card_choices(tx, holder, accounts, language="en")
    shown = [(each.bank_code, each.card_number) for each in found.cards.values()]
    assert shown == [(ICBC, card(ICBC)), (CITIC_CARDS, card(CITIC_CARDS))]
    # A card-centre code is the same bank; what the person typed can be taken off the list again.
    assert [each.bank_name for each in found.cards.values()][1] == banks[CITIC].name_en
    assert [found.cards[token].bank_code for token in found.typed] == [CITIC_CARDS]
    assert (ICBC, banks[ICBC].name_en) in found.banks


def test_the_drafts_files_have_their_verdicts_and_one_that_is_gone_is_left_out(
    hub: Hub, banks: dict[str, Bank], holder: Cardholder
) -> None:
    upload = Upload(
        client_id=FORM_CLIENT,
        subject=None,
        kind=EvidenceKind.OTHER,
        file_name="账单.pdf",
        declared_type="application/pdf",
        length=None,
    )
    stored = evidence_files.receive(hub.store, upload, io.BytesIO(pdf()).read)
    with hub.writing(holder.actor) as tx:
        drafts.owner_of_files(tx)
        evidence_files.keep(tx, stored)
    there: dict[str, Any] = {"id": stored.file.id, "kind": "payslip"}
    listed = [there, {"id": "0" * 32, "kind": "other"}]
    with hub.reading(holder.actor) as tx:
        [found] = draft.files_of(tx, listed)
    assert (found.kind, found.file_name, found.has_thumbnail) == ("payslip", "账单.pdf", False)
    assert (found.status, found.reason) == (EvidenceStatus.CHECKING, None)


def test_nobody_sees_an_application_that_was_not_sent_from_the_pages(
    hub: Hub, holder: Cardholder, submitted: Submit
) -> None:
    theirs = submitted(ICBC).id
    with hub.reading(holder.actor) as tx, pytest.raises(NotFound):
        draft.sent_application(tx, holder, theirs, language="zh")
