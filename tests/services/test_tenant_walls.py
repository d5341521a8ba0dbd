"""The walls between tenants: what is one bank's, one client's or one person's is to every other as if it were not.

Every function of the services that takes a thing by its id, and says whose it has to be, is found here by its
signature, so that none can be forgotten. Its owner gets further than a stranger in one case at least: a wall that
stood only because the thing itself was missing would be none.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import hub.services
from hub.domain.actor import HUB
from hub.domain.affordability import Finances
from hub.domain.agreement_end import AgreementEnd, EndReason
from hub.domain.amendment import AmendmentEvent, AmendmentKind
from hub.domain.application import Correction
from hub.domain.china import china_day
from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.collection import CollectionChannel, CollectionReport, HoldApplied
from hub.domain.complaint import ComplaintChannel, ComplaintSent
from hub.domain.consent import Purpose
from hub.domain.correspondence import CallRecord, CardholderMessage, Direction
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.domain.doubts import Doubt, DoubtAnswer, DoubtKind
from hub.domain.early_settlement import EarlySettlementRequest, Figures, SettlementQuote
from hub.domain.errors import HubError, NotFound
from hub.domain.evidence_check import CheckVerdict, EvidenceCheck
from hub.domain.evidenced_figures import EvidencedFigure
from hub.domain.identity import IdentityComparison
from hub.domain.legal_stage import NOT_IN_COURT
from hub.domain.offer import BankOffer
from hub.domain.paging import Page, Stretch
from hub.domain.pay_day import PayDayRequest
from hub.domain.payments import MissedWithdrawal, Payment
from hub.domain.proposed_account import ProposedAccountStatus
from hub.domain.queue_question import QueueQuestion
from hub.domain.retention import Periods
from hub.domain.review import DecisionDeferral, EvidenceRequest, Rejection, RejectionReason
from hub.domain.staff import Role
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.subjects import Subject
from hub.services.agreements import collection
from hub.services.erasure.requests import erase_subject
from hub.services.negotiations import credit_notes, further_accounts
from hub.services.reading.bank.heading import find_by_reference
from hub.services.reading.bank.queue import queue
from hub.services.reading.host_app import list_negotiations
from hub.services.reading.operator.clocks import clocks_of_bank
from storage import doubts, negotiation_locks
from storage.applications import application_of
from storage.documents import APPLICATION_FORM
from storage.drafts import ensure_form_client
from storage.records import ApplicationRecord
from tests.applications import CITIC
from tests.conftest import AddClient
from tests.services.agreements.amending import Amending
from tests.services.case import FURTHER, LARGE_OFFER, OFFER, Case
from tests.services.conftest import OpenCase
from tests.services.people import somebody_at

FINANCES = Finances(monthly_income_fen=1_000_000, monthly_essential_spending_fen=500_000, other_debt_payments_fen=0)
CREDIT_NOTE = CreditNote(kind=CreditNoteKind.SETTLED, text="请核对")
SUMS = {"declared_fen": 500_000, "shown_fen": 812_350}
# What hangs on a negotiation and has an id.
HANGING = ("offer_id", "report_id", "account_id", "amendment_id", "note_id", "doubt_id")
THINGS = {"negotiation_id", "application_id", "evidence_id"}
# The hub's own notes to its operators: nobody asks for a thing there.
NO_WALLS = "hub.services.operating.operator_tasks"


def walls(owner: str) -> dict[str, Callable[..., object]]:
    """The functions of the services that take a thing by its id for that owner, by their names."""
    found: dict[str, Callable[..., object]] = {}
    for each in pkgutil.walk_packages(hub.services.__path__, "hub.services."):
        if each.name == NO_WALLS:
            continue
        module = importlib.import_module(each.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = set(inspect.signature(function).parameters)
            # Of what is asked for a person, the person is the wall, whatever bank or client is named beside.
            is_wall = owner in parameters and (owner == "subject" or "subject" not in parameters)
            if function.__module__ == each.name and is_wall and parameters & THINGS:
                found[f"{each.name.removeprefix('hub.services.')}.{name}"] = function
    return found


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: whose a thing is, is asked in the same words on both."""
    return sqlite_database


@pytest.fixture
def cases(open_case: OpenCase) -> list[tuple[Case, dict[str, Any]]]:
    """Negotiations in several states, each with the ids of what hangs on it; one was sent from the hub's own pages."""
    new, waiting, offered, agreed, settling, moved = (open_case() for _ in range(6))
    with new.hub.writing(HUB) as tx:
        pages = ensure_form_client(tx)
    from_pages = open_case(client=replace(new.sent.client, id=pages))
    nothing = dict.fromkeys(HANGING, "none")
    with new.hub.writing(new.REVIEWER) as tx:
        account_id = further_accounts.propose(tx, new.id, FURTHER, bank_code=new.bank_code).id
        doubt_id = doubts.add(tx, negotiation_locks.lock(tx, new.id), Doubt(kind=DoubtKind.SUMS_DIFFER, facts=SUMS)).id
    known: list[tuple[Case, dict[str, Any]]] = [(new, {**nothing, "account_id": account_id, "doubt_id": doubt_id})]
    known.append((waiting, {**nothing, "offer_id": waiting.offer(LARGE_OFFER)}))
    known.append((offered, {**nothing, "offer_id": offered.offer()}))
    known.append((from_pages, nothing))
    offer_id = agreed.offer()
    agreed.accept(offer_id)
    agreed.work_off()
    said = CollectionReport(at=agreed.clock.at, channel=CollectionChannel.PHONE, caller="甲", text="又来电话")
    with agreed.hub.writing(agreed.cardholder) as tx:
        report_id = collection.report(tx, agreed.id, said, client_id=agreed.client_id).id
    with agreed.hub.writing(agreed.cardholder) as tx:
        note_id = credit_notes.ask(tx, agreed.id, CREDIT_NOTE, client_id=agreed.client_id).id
    day_id = Amending(case=agreed).ask_day()
    known.append(
        (agreed, {**nothing, "offer_id": offer_id, "report_id": report_id, "amendment_id": day_id, "note_id": note_id})
    )
    moved.accept(moved.offer())
    moved_id = Amending(case=moved).ask_day()
    Amending(case=moved).agree(moved_id)
    known.append((moved, {**nothing, "amendment_id": moved_id}))
    settling.accept(settling.offer())
    known.append((settling, {**nothing, "amendment_id": Amending(case=settling).ask_settlement()}))
    return known


@pytest.fixture
def erased(open_case: OpenCase) -> Case:
    """An application of which nothing of the person is kept."""
    case = open_case()
    with case.row() as (tx, row):
        subject = application_of(tx, tx.session.get_one(ApplicationRecord, row.application_id)).applicant.subject
    case.withdraw()
    with case.hub.writing(case.cardholder) as tx:
        erase_subject(tx, case.client_id, subject, Periods.parse(""))
    return case


def arguments(case: Case, ids: dict[str, Any]) -> dict[str, Any]:
    """A value for every parameter that such a function has."""
    now = case.clock.at
    return {
        **ids,
        "negotiation_id": case.id,
        "application_id": case.sent.id,
        "evidence_id": case.sent.evidence[0],
        "store": case.hub.store,
        "heads": (),
        "language": "zh",
        "text": "您好",
        "why": "来电核实",
        "in_full": frozenset(),
        "words": "",
        "before": "",
        "field": None,
        "is_one_too_many": False,
        "line": "income",
        "template_id": "none",
        "offer": None,
        "others": (),
        "figure": EvidencedFigure(line="income", amount_fen=100),
        "said": EvidenceCheck(verdict=next(iter(CheckVerdict)), text="看不清"),
        "confirmed_at": now,
        "reason": "contact",
        "number": 1,
        "code": "123456",
        "sequence": 1,
        "recording": None,
        "file": None,
        "correction": Correction(accounts=(), finances=FINANCES, evidence=()),
        "kind": APPLICATION_FORM,
        "call": CallRecord(at=now, text="通话", direction=Direction.INBOUND),
        "compared": IdentityComparison(matches=True, text=""),
        "deferral": DecisionDeferral(decision_by=china_day(now) + timedelta(days=1), text="正在核对"),
        "ending": AgreementEnd(reason=EndReason.SETTLED, text=""),
        "hold": HoldApplied(by="甲", at=now),
        "message": CardholderMessage(text="您好", evidence=(), answers=False),
        "payment": Payment(number=1, paid_on=china_day(now), amount_fen=100),
        "proposed": BankOffer(terms=OFFER),
        "role": Role.SUPERVISOR,
        "sent": ComplaintSent(sent_on=china_day(now), channel=next(iter(ComplaintChannel))),
        "rejection": Rejection(reason_code=RejectionReason.OTHER, text="不行"),
        "report": CollectionReport(at=now, channel=CollectionChannel.PHONE, caller="甲", text="又来"),
        "terms": OFFER,
        "event": AmendmentEvent.WITHDRAWN,
        "quoted": SettlementQuote(
            figures=Figures(principal_fen=100, interest_fen=0, fee_fen=0), valid_until=now + timedelta(days=1)
        ),
        "account": FURTHER,
        "given": ProposedAccountStatus.INCLUDED,
        "standing": NOT_IN_COURT,
        "note": CREDIT_NOTE,
        "purpose": Purpose.SENSITIVE_DATA,
        "transferred": ClaimTransfer(name="甲公司", contact="4000000000", transferred_on=china_day(now)),
        "wanted": EvidenceRequest(kinds=(), text="请补充"),
        "owner_id": None,
        "seen_owner": None,
        "withdrawal": MissedWithdrawal(number=1, text="登记错了"),
    }


class _Undone(Exception):
    """Thrown to roll a transaction back."""


def outcome(function: Callable[..., object], case: Case, ids: dict[str, Any], owner: str, who: object) -> str:
    """What comes of the call, which leaves nothing behind: `refused` as if the thing were not, or `further`."""
    given = {"like": None, "over_loans": False, "bank_code": case.bank_code, **arguments(case, ids), owner: who}
    wanted = inspect.signature(function).parameters
    if "Kind" in str(wanted["kind"].annotation if "kind" in wanted else ""):
        given["kind"] = OFFER.kind
    if "AmendmentKind" in str(wanted["kind"].annotation if "kind" in wanted else ""):
        given["kind"] = AmendmentKind.PAY_DAY
    if "given" in wanted and wanted["given"].annotation is DoubtAnswer:
        given["given"] = next(iter(DoubtAnswer))
    if "request" in wanted:
        is_day = wanted["request"].annotation is PayDayRequest
        settle_on = china_day(case.clock.at) + timedelta(days=9)
        given["request"] = PayDayRequest(day=5) if is_day else EarlySettlementRequest(settle_on=settle_on)
    with suppress(_Undone), case.hub.writing(case.REVIEWER if owner == "bank_code" else case.cardholder) as tx:
        try:
            function(**{name: tx if name == "tx" else given[name] for name in wanted})
        except NotFound:
            return "refused"
        except (HubError, StopIteration):
            return "further"
        raise _Undone
    return "further"


def leaks(
    owner: str, cases: list[tuple[Case, dict[str, Any]]], its_own: Callable[[Case], object], stranger: object
) -> Iterator[str]:
    """The functions that let the stranger further, or nobody."""
    for name, function in walls(owner).items():
        if {outcome(function, case, ids, owner, stranger) for case, ids in cases} != {"refused"}:
            yield f"{name} lets a stranger in"
        if "further" not in {outcome(function, case, ids, owner, its_own(case)) for case, ids in cases}:
            yield f"{name} lets nobody in"


def test_nothing_of_one_bank_is_there_for_another(cases: list[tuple[Case, dict[str, Any]]], erased: Case) -> None:
    assert len(walls("bank_code")) > 30
    known = [*cases, (erased, cases[0][1])]
    assert list(leaks("bank_code", known, lambda case: case.bank_code, CITIC)) == []


def test_nothing_of_one_client_is_there_for_another(
    cases: list[tuple[Case, dict[str, Any]]], add_client: AddClient
) -> None:
    another, _ = add_client("another host app", "applications:write", "applications:read")
    assert len(walls("client_id")) > 15
    assert list(leaks("client_id", cases, lambda case: case.client_id, another.id)) == []


# None of these negotiations has a picture, of which alone there are thumbnails.
NO_PICTURES = "reading.cardholder.files.thumbnail_of lets nobody in"


def by_mobile(case: Case) -> Cardholder:
    """The person of the negotiation, who came by text message."""
    with case.row() as (_, row):
        return Cardholder(key="their own", mobile="", mobile_indexes=(row.mobile_index,))


def test_nothing_of_one_person_is_there_for_another(cases: list[tuple[Case, dict[str, Any]]]) -> None:
    stranger = Cardholder(key="another", mobile="", mobile_indexes=(b"another",))
    assert len(walls("cardholder")) > 5
    assert list(leaks("cardholder", cases, by_mobile, stranger)) == [NO_PICTURES]


def test_nothing_of_one_person_is_there_for_another_beside_negotiations(
    cases: list[tuple[Case, dict[str, Any]]],
) -> None:
    def own(case: Case) -> Subject:
        with case.row() as (_, row):
            return Subject(client_id=row.client_id, indexes=(row.subject_index,))

    stranger = Subject(client_id=cases[0][0].client_id, indexes=(b"another",))
    assert list(leaks("subject", cases, own, stranger)) == []


def by_document(case: Case) -> Cardholder:
    """The person of the negotiation, whom the host app that made it has sent over."""
    with case.row() as (_, row):
        known = (row.person_index,)
        return Cardholder(
            key="their own",
            mobile="",
            mobile_indexes=(row.mobile_index,),
            person_indexes=known,
            client_id=row.client_id,
        )


def test_nothing_of_one_person_is_there_for_another_of_the_same_host_app(
    cases: list[tuple[Case, dict[str, Any]]],
) -> None:
    client_id = cases[0][0].client_id
    of_the_app = [(case, ids) for case, ids in cases if case.client_id == client_id]
    stranger = Cardholder(
        key="another", mobile="", mobile_indexes=(b"one",), person_indexes=(b"another",), client_id=client_id
    )
    found = set(leaks("cardholder", of_the_app, by_document, stranger))
    # An application from the hub's own pages is none of a host app's.
    assert found == {"applications.drafts.application_of lets nobody in", NO_PICTURES}


def test_a_reference_finds_the_banks_own_negotiation_alone(open_case: OpenCase) -> None:
    case = open_case()
    with case.hub.reading(HUB) as tx:
        reference = case.view()["reference"]
        assert find_by_reference(tx, reference, bank_code=case.bank_code) == case.id
        assert find_by_reference(tx, reference, bank_code=CITIC) is None


def test_what_has_not_reached_its_bank_is_not_there_for_it(open_case: OpenCase) -> None:
    case, ids = (
        open_case(worked_off=False),
        dict.fromkeys(HANGING, "none"),
    )
    found = {outcome(each, case, ids, "bank_code", case.bank_code): name for name, each in walls("bank_code").items()}
    assert found.keys() == {"refused"}, found["further"]


def test_an_offer_is_there_in_its_own_negotiation_alone(open_case: OpenCase) -> None:
    one, other = open_case(), open_case()
    waiting, open_offer = one.offer(LARGE_OFFER), one.offer()
    owners: dict[str, Any] = {"bank_code": one.bank_code, "client_id": one.client_id, "cardholder": by_mobile(other)}
    found = {
        outcome(function, other, {"offer_id": offer_id, "report_id": "none"}, owner, who)
        for owner, who in owners.items()
        for function in walls(owner).values()
        if "offer_id" in inspect.signature(function).parameters
        for offer_id in (waiting, open_offer)
    }
    assert found == {"refused"}


def test_a_list_holds_what_is_its_readers_alone(open_case: OpenCase, add_client: AddClient) -> None:
    case, another = open_case(), add_client("another host app", "applications:read")[0]
    page = Page(limit=10)
    with case.hub.reading(HUB) as tx:

        def queued(bank_code: str) -> list[str]:
            shown = queue(tx, somebody_at(bank_code), QueueQuestion(), Stretch(limit=10))
            return [each.id for each in shown.rows]

        def listed(client_id: str) -> list[Any]:
            found = list_negotiations(tx, client_id, statuses=(), subject=None, page=page, language="zh")
            return [each["id"] for each in found.items]

        assert (queued(case.bank_code), queued(CITIC)) == ([case.id], [])
        assert (listed(case.client_id), listed(another.id)) == ([case.id], [])


def test_clocks_are_counted_for_their_bank_alone(open_case: OpenCase) -> None:
    case = open_case()
    with case.hub.reading(HUB) as tx:
        assert [clocks_of_bank(tx, each).running for each in (case.bank_code, CITIC)] == [1, 0]
