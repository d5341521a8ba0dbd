"""The steps of the demo's stories, each done by the service that a real day would call."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from hub.demo.stage import Stage, cardholder
from hub.demo.stories import Step
from hub.domain.actor import HUB
from hub.domain.balances import Balance
from hub.domain.client import Client
from hub.domain.collection import OWN_NAME, HoldApplied
from hub.domain.correspondence import CardholderMessage
from hub.domain.evidence import EvidenceKind
from hub.domain.offer import BankOffer, OfferBy
from hub.domain.payments import Payment
from hub.domain.review import EvidenceRequest, Rejection, RejectionReason
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.agreements import acceptance, collection, confirmation_codes, finding, payments
from hub.services.agreements.agreement_views import payment_rows
from hub.services.negotiations import correspondence, counter_offers, further_accounts, offering, review, withdrawal
from hub.services.transaction import HubTransaction
from storage import negotiations
from storage.offers import list_open


def _owed(tx: HubTransaction, negotiation: str) -> tuple[Balance, ...]:
    """What is negotiated there; of cards and loans the loans, since an offer is over one sort."""
    row = negotiations.find_negotiation(tx, negotiation)
    assert row is not None  # noqa: S101 - the story is about it
    owed = further_accounts.declared_balances(tx, row)
    return tuple(each for each in owed if each.contract_last4) or owed


def _terms(owed: Sequence[Balance], stage: Stage, *, instalments: int) -> Terms:
    return Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=sum(each.principal_fen for each in owed),
        first_due_on=stage.today() + relativedelta(days=20),
        waived=Waived(
            interest_fen=sum(each.interest_fen for each in owed), penalty_fen=sum(each.penalty_fen for each in owed)
        ),
        instalments=instalments,
        annual_rate_percent=Decimal("3.60"),
        method=Method.EQUAL_INSTALMENT,
    )


def _acknowledge(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code, negotiation)) as tx:
        review.acknowledge(tx, negotiation, bank_code=bank_code)


def _ask(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code, negotiation)) as tx:
        wanted = EvidenceRequest(kinds=(EvidenceKind.BANK_STATEMENT,), text="请补充最近三个月的工资流水。")
        review.request_evidence(tx, negotiation, wanted, bank_code=bank_code)


def _answer(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    with stage.hub.writing(cardholder(client)) as tx:
        words = "工资改为现金发放，没有流水，单位可以出具证明。"
        message = CardholderMessage(text=words, evidence=(), answers=True)
        correspondence.write_to_bank(tx, negotiation, message, client_id=client.id)


def _offer(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code, negotiation)) as tx:
        owed = _owed(tx, negotiation)
        proposed = BankOffer(terms=_terms(owed, stage, instalments=36), balances=owed)
        offering.make_offer(tx, negotiation, proposed, bank_code=bank_code)


def _counter(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    with stage.hub.writing(cardholder(client)) as tx:
        counter_offers.counter(
            tx, negotiation, _terms(_owed(tx, negotiation), stage, instalments=60), client_id=client.id
        )


def _open_offer(stage: Stage, negotiation: str) -> str:
    with stage.hub.reading(HUB) as tx:
        return list_open(tx, negotiation, OfferBy.BANK)[-1].id


def _accept(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    offer = _open_offer(stage, negotiation)
    with stage.hub.writing(cardholder(client)) as tx:
        code = confirmation_codes.send(tx, negotiation, offer, client_id=client.id).code
        acceptance.accept(tx, negotiation, offer, code, client_id=client.id)
    stage.print_agreement(negotiation)


def _decline(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    offer = _open_offer(stage, negotiation)
    with stage.hub.writing(cardholder(client)) as tx:
        offering.decline(tx, negotiation, offer, "每月还不了这么多。", client_id=client.id)


def _reject(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code, negotiation)) as tx:
        words = "按您目前的收入，可以先选择账单分期；情况有变化时欢迎再次申请。"
        rejection = Rejection(reason_code=RejectionReason.CAN_AFFORD, text=words)
        review.reject(tx, negotiation, rejection, bank_code=bank_code)


def _withdraw(stage: Stage, client: Client, negotiation: str, _bank_code: str) -> None:
    with stage.hub.writing(cardholder(client)) as tx:
        withdrawal.withdraw(tx, negotiation, "家人已帮忙还清。", client_id=client.id)


def _hold(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code, negotiation)) as tx:
        collection.confirm_hold(tx, negotiation, HoldApplied(by=OWN_NAME, at=tx.now), bank_code=bank_code)


def _pay(stage: Stage, _client: Client, negotiation: str, bank_code: str) -> None:
    with stage.hub.writing(stage.clerk(bank_code, negotiation)) as tx:
        [row, *_] = payment_rows(tx, finding.agreement_of_bank(tx, negotiation, bank_code=bank_code))
        payment = Payment(number=row.number, paid_on=stage.today(), amount_fen=row.open_fen)
        payments.record_payment(tx, negotiation, payment, bank_code=bank_code)


_STEPS: Mapping[Step, Callable[[Stage, Client, str, str], None]] = {
    Step.ACKNOWLEDGE: _acknowledge,
    Step.ASK: _ask,
    Step.ANSWER: _answer,
    Step.OFFER: _offer,
    Step.COUNTER: _counter,
    Step.ACCEPT: _accept,
    Step.DECLINE: _decline,
    Step.REJECT: _reject,
    Step.WITHDRAW: _withdraw,
    Step.HOLD: _hold,
    Step.PAY: _pay,
}


def take(step: Step, stage: Stage, client: Client, negotiation: str, bank_code: str) -> None:
    """The step is done in the negotiation, by whoever does it."""
    _STEPS[step](stage, client, negotiation, bank_code)
