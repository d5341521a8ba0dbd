"""Every status, reached by deeds alone, met with every deed: it moves as the contract says, or nothing is written."""

import contextlib
from collections.abc import Callable

import pytest

from hub.domain.actor import Party
from hub.domain.application import Correction
from hub.domain.correspondence import CardholderMessage
from hub.domain.errors import Conflict, NotFound, RefusedForGood, StatusConflict, TryAgain
from hub.domain.evidence import EvidenceKind
from hub.domain.lifecycle import Status
from hub.domain.offer import BankOffer, OfferBy, OfferStatus
from hub.domain.review import EvidenceRequest, Rejection, RejectionReason
from hub.services.agreements import acceptance, confirmation_codes
from hub.services.applications import intake, screening
from hub.services.delivery import queueing, sending
from hub.services.negotiations import correspondence, counter_offers, offering, review, withdrawal
from hub.services.transaction import HubTransaction
from storage import negotiation_locks, negotiations
from storage import offers as offer_rows
from storage.submissions import submission_of
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import OFFER, Case, everything_stored
from tests.services.conftest import OpenCase

SAME = "answered, and nothing changes"

# The table of the contract, deed by deed; what is not named is refused.
LEADS_TO: dict[str, dict[str, str]] = {
    "screening": {"withdraw": "withdrawn", "write": SAME},
    "returned": {"correct": "screening", "withdraw": "withdrawn", "write": SAME},
    "delivering": {"withdraw": "withdrawn", "write": SAME},
    "undeliverable": {"send again": "delivering", "withdraw": "withdrawn", "write": SAME},
    "awaiting_bank": {
        "acknowledge": "in_review",
        "ask": "awaiting_cardholder",
        "offer": "offered",
        "reject": "rejected",
        "withdraw": "withdrawn",
        "write": SAME,
        "bank writes": SAME,
    },
    "in_review": {
        "acknowledge": SAME,
        "ask": "awaiting_cardholder",
        "offer": "offered",
        "reject": "rejected",
        "withdraw": "withdrawn",
        "write": SAME,
        "bank writes": SAME,
    },
    "awaiting_cardholder": {
        "ask": SAME,
        "answer": "in_review",
        "offer": "offered",
        "reject": "rejected",
        "withdraw": "withdrawn",
        "write": SAME,
        "bank writes": SAME,
    },
    "countered": {
        "acknowledge": "in_review",
        "ask": "awaiting_cardholder",
        "offer": "offered",
        "reject": "offered",
        "accept": "agreed",
        "withdraw": "withdrawn",
        "write": SAME,
        "bank writes": SAME,
    },
    "offered": {
        "offer": "offered",
        "accept": "agreed",
        "counter": "awaiting_bank",
        "decline": "awaiting_bank",
        "withdraw": "withdrawn",
        "write": SAME,
        "bank writes": SAME,
    },
    # While the agreement is in force both sides write.
    "agreed": {"accept": SAME, "write": SAME, "bank writes": SAME},
    "rejected": {"reject": SAME},
    "withdrawn": {"withdraw": SAME},
    "lapsed": {},
}

Action = Callable[[HubTransaction, Case], object]


def _newest_offer(tx: HubTransaction, case: Case) -> str:
    made = [each for each in offer_rows.list_offers(tx, case.id) if each.by == OfferBy.BANK]
    return made[-1].id if made else "none"


def _accept(tx: HubTransaction, case: Case) -> None:
    offer = _newest_offer(tx, case)
    code = "000000"
    if offer != "none" and offer_rows.get_offer(tx, case.id, offer).status == OfferStatus.OPEN:
        code = confirmation_codes.send(tx, case.id, offer, client_id=case.client_id).code
    assert acceptance.accept(tx, case.id, offer, code, client_id=case.client_id) is None


def _correct(tx: HubTransaction, case: Case) -> None:
    row = negotiations.get_of_client(tx, case.id, client_id=case.client_id)
    kept = submission_of(tx, row)
    correction = Correction(accounts=kept.accounts, finances=kept.finances, evidence=())
    intake.correct(tx, case.id, correction, client_id=case.client_id)


ACTIONS: dict[str, tuple[Party, Action]] = {
    "correct": (Party.CARDHOLDER, _correct),
    "write": (
        Party.CARDHOLDER,
        lambda tx, case: correspondence.write_to_bank(
            tx, case.id, CardholderMessage(text="您好", evidence=(), answers=False), client_id=case.client_id
        ),
    ),
    "answer": (
        Party.CARDHOLDER,
        lambda tx, case: correspondence.write_to_bank(
            tx, case.id, CardholderMessage(text="没有流水", evidence=(), answers=True), client_id=case.client_id
        ),
    ),
    "accept": (Party.CARDHOLDER, _accept),
    "counter": (
        Party.CARDHOLDER,
        lambda tx, case: counter_offers.counter(tx, case.id, OFFER, client_id=case.client_id),
    ),
    "decline": (
        Party.CARDHOLDER,
        lambda tx, case: offering.decline(tx, case.id, _newest_offer(tx, case), "不行", client_id=case.client_id),
    ),
    "withdraw": (
        Party.CARDHOLDER,
        lambda tx, case: withdrawal.withdraw(tx, case.id, "不需要了", client_id=case.client_id),
    ),
    "acknowledge": (
        Party.BANK,
        lambda tx, case: review.acknowledge(tx, case.id, bank_code=case.bank_code),
    ),
    "ask": (
        Party.BANK,
        lambda tx, case: review.request_evidence(
            tx,
            case.id,
            EvidenceRequest(kinds=(EvidenceKind.BANK_STATEMENT,), text="请补充工资流水"),
            bank_code=case.bank_code,
        ),
    ),
    "offer": (
        Party.BANK,
        lambda tx, case: offering.make_offer(tx, case.id, BankOffer(terms=OFFER), bank_code=case.bank_code),
    ),
    "reject": (
        Party.BANK,
        lambda tx, case: review.reject(
            tx, case.id, Rejection(reason_code=RejectionReason.CAN_AFFORD, text="收入足够"), bank_code=case.bank_code
        ),
    ),
    "bank writes": (
        Party.BANK,
        lambda tx, case: correspondence.write_to_cardholder(tx, case.id, "您好", bank_code=case.bank_code),
    ),
    "send again": (Party.HUB, lambda tx, case: queueing.send_again(tx, case.id, tx.actor)),
}


def _let_lapse(case: Case) -> None:
    case.offer()
    case.at("2026-12-19 10:00")


# What happens before the jobs run, and after the packet is with the bank; what is not named needs nothing.
BEFORE: dict[str, Callable[[Case, SimulatedBank], object]] = {
    "returned": lambda case, _: case.judge(case.sent.evidence[0], "unreadable"),
    "delivering": lambda _, bank: bank.answers.append(TryAgain("busy")),
    "undeliverable": lambda _, bank: bank.answers.append(RefusedForGood("no such card")),
}
AFTER: dict[str, Callable[[Case], object]] = {
    "in_review": lambda case: case.acknowledge(),
    "awaiting_cardholder": lambda case: case.ask(),
    "countered": lambda case: case.offer() and case.counter(),
    "offered": lambda case: case.offer(),
    "agreed": lambda case: case.accept(case.offer()),
    "rejected": lambda case: case.reject(),
    "withdrawn": lambda case: case.withdraw(),
    "lapsed": _let_lapse,
}


def _reach(status: str, case: Case, bank: SimulatedBank) -> None:
    """The negotiation stands at `status`, by deeds of people, banks and workers alone."""
    if status == "screening":
        return
    if status in BEFORE:
        BEFORE[status](case, bank)
    case.work_off()
    if status in AFTER:
        AFTER[status](case)
    case.work_off()


class _Undone(Exception):
    """Thrown to roll a transaction back."""


def _undo() -> None:
    raise _Undone


def _try(case: Case, party: Party, action: Action) -> str:
    """Where the deed would lead; it is taken back."""
    actor = case.cardholder if party == Party.CARDHOLDER else case.REVIEWER
    found = ""
    with contextlib.suppress(_Undone), case.hub.writing(actor) as tx:
        action(tx, case)
        found = negotiation_locks.lock(tx, case.id).status
        _undo()
    return found


@pytest.mark.parametrize("status", list(LEADS_TO))
def test_every_deed_moves_it_as_the_table_says_or_is_refused_with_nothing_written(
    open_case: OpenCase, simulated: SimulatedBank, status: str
) -> None:
    case = open_case(CMB, worked_off=False)
    _reach(status, case, simulated)
    standing = "awaiting_bank" if status == "countered" else status
    assert case.status == standing
    before = everything_stored(case.hub)

    for name, (party, action) in ACTIONS.items():
        expected = LEADS_TO[status].get(name)
        if expected is None and name == "answer" and "write" in LEADS_TO[status]:
            expected = SAME  # a message is taken in every open status, and there is no request to answer
        if expected is not None:
            led_to = standing if expected == SAME else expected
            assert (name, _try(case, party, action)) == (name, led_to)
            continue
        with pytest.raises((Conflict, NotFound)) as refusal:
            _try(case, party, action)
        if isinstance(refusal.value, StatusConflict):
            assert refusal.value.status == standing
    _machines_come(case, simulated, status)
    assert everything_stored(case.hub) == before


def _machines_come(case: Case, bank: SimulatedBank, status: str) -> None:
    """Every job and sweep that could come late, or come twice, comes."""
    for lapse in (offering.lapse, correspondence.lapse_request, screening.lapse_correction):
        with case.hub.writing(case.cardholder) as tx:
            lapse(tx, case.id)
    if status != "screening":
        case.screen()
    if status != "delivering":
        for delivery_id in dict.fromkeys(id_ for id_, _ in bank.attempts):
            sending.deliver(case.hub, case.hub.store, delivery_id)


def test_the_table_names_every_status() -> None:
    assert set(LEADS_TO) - {"countered"} == set(Status)
