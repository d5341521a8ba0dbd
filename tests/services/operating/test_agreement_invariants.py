"""What somebody with the database changes of offers, agreements and payments is found, and named by what it is of."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from hub.services.operating import invariants
from hub.services.transaction import HubTransaction
from storage.records import AgreementRecord, AmendmentRecord, OfferRecord, PaymentRecord, new_id
from storage.sealed_json import open_json, seal_json
from tests.services.agreements.amending import Amending
from tests.services.breaking import broken
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def agreed(open_case: OpenCase) -> Case:
    """A negotiation with an agreement in force and two payments of it; another one is agreed as well."""
    other = open_case()
    other.accept(other.offer())
    case = open_case()
    case.accept(case.offer())
    case.work_off()
    case.pay(1, 100)
    case.pay(2, 200)
    return case


Break = Callable[[HubTransaction], Any]


def found(case: Case, change: Break) -> set[tuple[str, str]]:
    """(invariant, how it does not hold) of everything once the change was made, but for the place of what is sealed."""
    with broken(case.hub) as tx:
        change(tx)
        tx.session.flush()
        tx.session.expire_all()
        breaches = invariants.breaches(tx, case.hub.store)
        return {(each.invariant, each.detail) for each in breaches if each.invariant != "sealed_values"}


def mine(tx: HubTransaction, case: Case, kind: Any) -> Any:
    """The case's first row of that kind."""
    if kind is PaymentRecord:
        agreement_id = mine(tx, case, AgreementRecord).id
        return tx.session.scalars(
            sa.select(kind).where(kind.agreement_id == agreement_id).order_by(kind.number)
        ).first()
    return tx.session.scalars(sa.select(kind).where(kind.negotiation_id == case.id)).first()


def swapped(case: Case, kind: Any, column: str) -> Break:
    """The column holds what another row of the table has sealed."""

    def change(tx: HubTransaction) -> None:
        record = mine(tx, case, kind)
        other = tx.session.scalars(sa.select(kind).where(kind.id != record.id)).first()
        setattr(record, column, getattr(other, column))

    return change


def sealed_anew(case: Case, kind: Any, column: str, **words: Any) -> Break:
    """What is sealed says something else, as somebody with the keys could seal it."""

    def change(tx: HubTransaction) -> None:
        record = mine(tx, case, kind)
        place = {"table": kind.__tablename__, "column": column.removesuffix("_sealed"), "row": record.id}
        plain = open_json(tx, getattr(record, column), **place)
        setattr(record, column, seal_json(tx, {**plain, **words}, **place))

    return change


def copied(case: Case, kind: Any) -> Break:
    """A row with all that another one has sealed, under an id of its own."""

    def change(tx: HubTransaction) -> None:
        record = mine(tx, case, kind)
        values = {each.name: getattr(record, each.key) for each in kind.__table__.columns}
        tx.session.execute(sa.insert(kind).values(**{**values, "id": new_id()}))

    return change


def changed(case: Case, kind: Any, **values: Any) -> Break:
    """Columns of the row hold something else."""

    def change(tx: HubTransaction) -> None:
        record = mine(tx, case, kind)
        for name, value in values.items():
            setattr(record, name, value)

    return change


_UNREADABLE = "row 1: what the bank said cannot be read"
_UNLOGGED = "row 1: nobody said so in the log"
PAYMENTS: list[tuple[str, Callable[[Case], Break], set[str]]] = [
    ("another row's word", lambda case: swapped(case, PaymentRecord, "said_sealed"), {_UNREADABLE}),
    ("a cut word", lambda case: changed(case, PaymentRecord, said_sealed=b"x"), {_UNREADABLE}),
    ("an invented row", lambda case: copied(case, PaymentRecord), {_UNREADABLE}),
    ("another sum", lambda case: sealed_anew(case, PaymentRecord, "said_sealed", amount_fen=99), {_UNLOGGED}),
    ("another day", lambda case: sealed_anew(case, PaymentRecord, "said_sealed", paid_on="2026-11-23"), {_UNLOGGED}),
    ("a missed one", lambda case: sealed_anew(case, PaymentRecord, "said_sealed", status="missed"), {_UNLOGGED}),
    ("another row's number", lambda case: changed(case, PaymentRecord, number=3), {"row 3: nobody said so in the log"}),
]


@pytest.mark.parametrize(("change", "details"), [each[1:] for each in PAYMENTS], ids=[each[0] for each in PAYMENTS])
def test_a_payment_is_what_the_bank_said_of_it(
    agreed: Case, change: Callable[[Case], Break], details: set[str]
) -> None:
    assert found(agreed, lambda _: None) == set()
    assert found(agreed, change(agreed)) == {("payment_is_logged", each) for each in details}


def test_a_payment_that_was_taken_out_is_missed(agreed: Case) -> None:
    taken = ""

    def take_out(tx: HubTransaction) -> None:
        nonlocal taken
        record = mine(tx, agreed, PaymentRecord)
        taken = record.id
        tx.session.delete(record)

    assert found(agreed, take_out) == {("payment_is_logged", f"what the log has as {taken} is no row any more")}


AGREEMENTS: list[tuple[str, Callable[[Case], Break], set[tuple[str, str]]]] = [
    (
        "another agreement's contents",
        lambda case: swapped(case, AgreementRecord, "contents_sealed"),
        {("agreement_is_signed", "its contents cannot be read")},
    ),
    (
        "another debt",
        lambda case: sealed_anew(case, AgreementRecord, "contents_sealed", balance_zh="其他"),
        {("agreement_is_signed", "not the contents that the log has")},
    ),
    (
        "another offer's words",
        lambda case: swapped(case, OfferRecord, "said_sealed"),
        {("agreement_is_signed", "not the offer that the log has"), ("offer_is_whole", "what it says cannot be read")},
    ),
    (
        "the day that it is found by",
        lambda case: changed(case, AgreementRecord, next_due_on=date(2030, 1, 1)),
        {("agreement_is_followed", "found by other figures than its rows come to")},
    ),
]


@pytest.mark.parametrize(("change", "faults"), [each[1:] for each in AGREEMENTS], ids=[each[0] for each in AGREEMENTS])
def test_an_agreement_is_what_was_signed(
    agreed: Case, change: Callable[[Case], Break], faults: set[tuple[str, str]]
) -> None:
    assert found(agreed, change(agreed)) == faults


def test_a_schedule_that_was_sealed_anew_is_named(agreed: Case) -> None:
    """What is owed each month, ten times as much, under the hub's own keys."""

    def dearer(tx: HubTransaction) -> None:
        record = mine(tx, agreed, AgreementRecord)
        place = {"table": "agreement", "column": "contents", "row": record.id}
        plain = open_json(tx, record.contents_sealed, **place)
        plain["schedule"]["rows"][1]["total_fen"] *= 10
        record.contents_sealed = seal_json(tx, plain, **place)

    assert ("agreement_is_signed", "not the contents that the log has") in found(agreed, dearer)


OFFERS: list[tuple[str, Callable[[Case], Break], set[str]]] = [
    ("another offer's", lambda case: swapped(case, OfferRecord, "said_sealed"), {"what it says cannot be read"}),
    (
        "one fen in all",
        lambda case: sealed_anew(case, OfferRecord, "said_sealed", total_fen=1),
        {"not the offer that the log has"},
    ),
    (
        "no payments",
        lambda case: sealed_anew(case, OfferRecord, "said_sealed", schedule=[]),
        {"not the offer that the log has"},
    ),
    ("nothing", lambda case: changed(case, OfferRecord, said_sealed=None), {"what it says cannot be read"}),
]


@pytest.mark.parametrize(("change", "details"), [each[1:] for each in OFFERS], ids=[each[0] for each in OFFERS])
def test_an_open_offers_figures_are_those_of_its_digest(
    open_case: OpenCase, change: Callable[[Case], Break], details: set[str]
) -> None:
    other = open_case()
    other.offer()
    case = open_case()
    case.offer()
    assert found(case, change(case)) == {("offer_is_whole", each) for each in details}


def breaches(case: Case, *statements: sa.Executable) -> set[str]:
    """The names of the invariants that do not hold once the statements were run."""
    with broken(case.hub, *statements) as tx:
        return {breach.invariant for breach in invariants.breaches(tx, case.hub.store)}


def test_a_signed_amendment_is_the_one_that_the_log_has(agreed: Case) -> None:
    amending = Amending(case=agreed)
    amending.agree(amending.ask_day(5))
    assert breaches(agreed) == set()
    bent = sa.update(AmendmentRecord).values(contents_sealed=b"x")
    assert breaches(agreed, bent) == {"amendment_is_signed", "sealed_values"}
    emptied = sa.update(AmendmentRecord).values(contents_sealed=None)
    assert breaches(agreed, emptied) == {"amendment_is_signed"}
