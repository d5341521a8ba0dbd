"""Agreements: what the agreement says, and its paper."""

import hashlib
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement import AgreementContents, Texts, missing_parts
from hub.domain.agreement_clauses import RIGHTS_AND_DUTIES_ZH, SIGNATURE_ZH
from hub.domain.clauses import EDITION, Clauses
from hub.domain.errors import AgreementConflict, NotFound, OfferNotOpen
from hub.domain.plain import canonical, from_plain
from hub.domain.terms import Kind, Terms
from hub.services.agreements import acceptance, finding
from hub.services.negotiations import offer_contents
from storage import agreements, content_salts, documents, offers
from storage.records import OfferRecord
from storage.sealed_json import seal_json
from tests import applications
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.agreements.conftest import fault_of
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase, SetRules

# What the digest of an offer covers.
COVERED = (
    "terms",
    "balances",
    "planned",
    "left_out_fen",
    "schedule",
    "total_fen",
    "annual_cost",
    "texts",
    "clauses",
    "down_payment_days",
)


def test_accepting_again_is_answered_and_another_offer_then_refused(case: Case) -> None:
    first, second = case.offer(), case.offer()
    case.accept(first)
    entries = len(case.log())
    assert fault_of(case, first, "000000") is None
    assert len(case.log()) == entries
    with pytest.raises(OfferNotOpen):
        case.try_code(second, "000000")


# What it says.

TERMS_OF_EACH_KIND = [
    OFFER,
    replace(OFFER, kind=Kind.REDUCTION, down_payment_fen=50_000, fee_fen=999),
    Terms(
        kind=Kind.DEFERRAL,
        principal_fen=1_850_000,
        first_due_on=date(2026, 12, 20),
        months=6,
        annual_rate_percent=Decimal("0.00"),
    ),
    Terms(kind=Kind.SETTLEMENT, principal_fen=1_500_000, first_due_on=date(2026, 12, 20)),
    Terms(
        kind=Kind.LOWER_MINIMUM,
        principal_fen=1_850_000,
        first_due_on=date(2026, 12, 20),
        minimum_percent=Decimal("2.00"),
        annual_rate_percent=Decimal("18.25"),
        months=6,
    ),
]


@pytest.mark.parametrize("terms", TERMS_OF_EACH_KIND, ids=lambda terms: terms.kind)
def test_an_agreement_of_every_kind_says_all_six_parts(case: Case, terms: Terms) -> None:
    case.accept(case.offer(terms))
    with case.hub.reading(HUB) as tx:
        agreement = agreements.find_agreement(tx, case.id)
        assert agreement is not None
        contents = from_plain(AgreementContents, agreements.contents_of(tx, agreement))
    assert missing_parts(contents) == []
    assert contents.terms == terms
    assert contents.balance_total_fen == 1_908_200


def test_it_is_in_force_from_the_signing_with_a_number_and_a_collection_hold(case: Case) -> None:
    offer = case.offer(replace(OFFER, down_payment_fen=50_000))
    case.clock.at += timedelta(days=1)
    case.accept(offer)
    shown = case.view()["agreement"]
    assert (shown["status"], shown["offer_id"]) == ("in_force", offer)
    assert {(row["status"], row["paid_fen"]) for row in shown["payments"]} == {("due", 0)}
    assert shown["signed_at"] == shown["collection_hold_since"] == "2026-11-22T10:00:00+08:00"
    assert shown["number"].startswith("XY-20261122-")
    assert [row["due_on"] for row in shown["schedule"][:2]] == ["2026-11-25", "2026-12-20"]
    assert case.kinds()[-1] == "delivered"
    assert "停止催收" in str([entry.text for entry in case.log() if entry.header.kind == "accepted"])


def test_the_bank_is_told_of_the_agreement_and_the_collection_hold(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB)
    case.accept(case.offer())
    case.work_off()
    [told] = [each for each in simulated.taken.values() if each.kind == "negotiation.accepted"]
    assert b'"collection_hold":true' in told.body
    assert case.view()["agreement"]["number"].encode() in told.body


def test_an_agreement_keeps_the_texts_that_its_offer_was_made_under(case: Case, set_rules: SetRules) -> None:
    set_rules(payment_instructions="请到柜台还款", void_after_missed="1")
    offer = case.offer()
    shown = case.offer_of(offer)
    set_rules(payment_instructions="请用手机银行还款", void_after_missed="3", default_clause=" ")
    assert case.offer_of(offer) == shown
    case.accept(offer)
    agreement = case.view()["agreement"]
    assert agreement["texts"] == shown["texts"]
    assert (agreement["texts"]["payment_instructions"], agreement["texts"]["void_after_missed"]) == ("请到柜台还款", 1)
    with case.hub.reading(HUB) as tx:
        row = agreements.find_agreement(tx, case.id)
        assert row is not None
        assert agreements.contents_of(tx, row)["payment_instructions_zh"] == "请到柜台还款"


def test_an_agreement_keeps_the_clauses_that_its_offer_was_made_under(case: Case, set_rules: SetRules) -> None:
    set_rules(disputes_clause="争议由合同签订地人民法院管辖。", fee_name="账户管理费", office_phone="021-60000000")
    offer = case.offer(replace(OFFER, fee_fen=3_600))
    shown = case.offer_of(offer)["clauses"]
    assert (shown["disputes_clause"], shown["office_phone"]) == ("争议由合同签订地人民法院管辖。", "021-60000000")
    assert shown["version"].startswith(f"{EDITION}+")
    set_rules(disputes_clause="", fee_name="", office_phone="")
    assert case.offer_of(offer)["clauses"] == shown
    case.accept(offer)
    assert case.view()["agreement"]["clauses"] == shown
    with case.hub.reading(HUB) as tx:
        row = agreements.find_agreement(tx, case.id)
        assert row is not None
        contents = from_plain(AgreementContents, agreements.contents_of(tx, row))
    assert contents.clauses == from_plain(Clauses, shown)
    assert "随各期收取账户管理费，共 36.00 元" in contents.charges_zh
    assert case.view()["agreement"]["texts"].keys() == {field.name for field in fields(Texts)}


def test_a_sentence_that_an_upgrade_reworded_is_signed_as_it_was_offered(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = case.offer()
    for module in ("hub.domain.agreement", "hub.domain.bank"):
        for name in ("RIGHTS_AND_DUTIES_ZH", "SIGNATURE_ZH"):
            monkeypatch.setattr(f"{module}.{name}", "另有约定。")
    case.accept(offer)
    with case.hub.reading(HUB) as tx:
        row = agreements.find_agreement(tx, case.id)
        assert row is not None
        contents = from_plain(AgreementContents, agreements.contents_of(tx, row))
    assert (contents.rights_and_duties_zh, contents.signature_zh) == (RIGHTS_AND_DUTIES_ZH, SIGNATURE_ZH)


def test_an_offer_of_before_clauses_keeps_its_digest_and_is_signed_without_any(case: Case) -> None:
    offer = case.offer()
    with case.hub.writing(HUB) as tx:
        row = tx.session.get_one(OfferRecord, offer)
        sealed = offers.contents_in(tx, row)
        assert sealed is not None
        before = {name: value for name, value in sealed.items() if name != "clauses"}
        row.said_sealed = offers.seal_contents(tx, offer, before)
    shown = case.offer_of(offer)
    assert shown["clauses"] is None
    assert shown["digest"] == hashlib.sha256(canonical(before)).hexdigest()
    case.accept(offer)
    assert case.view()["agreement"]["clauses"] is None
    assert case.view()["agreement"]["digest"] == shown["digest"]


def test_both_sides_sign_the_digest_of_all_that_the_offer_says(case: Case) -> None:
    offer = case.offer()
    shown = case.offer_of(offer)
    said = {name: shown[name] for name in COVERED}
    assert shown["digest"] == hashlib.sha256(canonical(said)).hexdigest()
    case.accept(offer)
    assert case.view()["agreement"]["digest"] == shown["digest"]
    signed = [
        attachment.sha256
        for entry in case.log()
        if entry.header.kind in ("offered", "accepted")
        for attachment in entry.header.attachments
        if attachment.id == offer
    ]
    with case.hub.reading(HUB) as tx:
        salt = content_salts.find(tx, offer, "offer")
    assert salt is not None
    # The log commits to it under a salt: once that is erased, nobody can confirm a guess.
    assert signed == [hashlib.sha256(salt + canonical(said)).hexdigest()] * 2
    assert shown["digest"] not in signed


def test_a_down_payment_is_due_some_working_days_after_signing(case: Case, set_rules: SetRules) -> None:
    offer = case.offer(replace(OFFER, down_payment_fen=50_000))
    # Seen and signed on a Saturday.
    assert case.offer_of(offer)["schedule"][0]["due_on"] == "2026-11-25"
    set_rules(down_payment_days="1")
    case.at("2026-11-24 10:00")
    case.accept(offer)
    assert case.view()["agreement"]["payments"][0]["due_on"] == "2026-11-27"


def test_a_bank_sets_how_many_days_a_down_payment_has(case: Case, set_rules: SetRules) -> None:
    set_rules(down_payment_days="1")
    case.accept(case.offer(replace(OFFER, down_payment_fen=50_000)))
    assert case.view()["agreement"]["payments"][0]["due_on"] == "2026-11-23"


def test_no_agreement_is_made_that_would_not_say_all_six_parts(case: Case, set_rules: SetRules) -> None:
    offer = case.offer()
    # As it is with an offer that was made before offers kept their texts.
    with case.hub.writing(HUB) as tx:
        row = tx.session.get_one(OfferRecord, offer)
        schedule = offer_contents.of(tx, row)["schedule"]
        row.said_sealed = None
        row.schedule_sealed = seal_json(tx, schedule, table="offer", column="schedule", row=offer)
    set_rules(default_clause=" ")
    with pytest.raises(AgreementConflict, match="agreement_incomplete"):
        case.accept(offer)
    assert (case.status, case.view()["agreement"]) == ("offered", None)


def test_its_paper_is_printed_once_with_its_digest(case: Case) -> None:
    case.accept(case.offer())
    assert case.view()["agreement"]["document"] is None
    pages: list[str] = []

    def printer(html: str) -> bytes:
        pages.append(html)
        return applications.pdf()

    for _ in range(2):
        acceptance.print_agreement(case.hub, printer, case.hub.store, case.id)
    assert len(pages) == 1
    with case.hub.reading(HUB) as tx:
        [paper] = [each for each in documents.list_all(tx, case.id) if each.kind == documents.AGREEMENT]
    document = case.view()["agreement"]["document"]
    assert document["sha256"] == paper.sha256
    assert document["url"].endswith(f"/api/v1/negotiations/{case.id}/agreement.pdf")
    printed = case.log()[-1].header
    assert (printed.kind, printed.attachments[0].sha256) == ("document_printed", paper.sha256)


def test_nothing_is_printed_where_there_is_no_agreement(case: Case) -> None:
    acceptance.print_agreement(case.hub, lambda _: b"", case.hub.store, case.id)
    with pytest.raises(NotFound), case.hub.reading(case.cardholder) as tx:
        finding.agreement_of_bank(tx, case.id, bank_code=case.bank_code)
