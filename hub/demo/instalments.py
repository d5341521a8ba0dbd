"""Instalment deals of the demo's people: asked about, quoted, accepted, done, refused and taken back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from hub.demo.people import CARDHOLDERS, CITIC, CMB, ICBC, Person
from hub.demo.stage import Stage, cardholder
from hub.domain.actor import HUB
from hub.domain.client import Client
from hub.domain.errors import NotFound
from hub.domain.instalment_deal import DealKind, FeeMode, InstalmentDeal
from hub.domain.instalment_estimate import CancellationKind, Wish, estimate
from hub.domain.instalment_quote import QuoteContents, next_day_of
from hub.domain.instalment_request import InstalmentMatter, Posting, Refusal, RefusalReason
from hub.domain.service_request import Service, read_services
from hub.services.accounts import subjects
from hub.services.instalments import answering, asking, matters, quoting
from hub.services.instalments.asking import Contact
from hub.services.transaction import HubTransaction
from storage import banks, service_requests

_SETTLE = CancellationKind.SETTLE_EARLY
# (bank, what becomes of it, kind of deal, principal, terms, paid, how it charges, fee, what is asked)
_DEALS = (
    (CMB, "asked", DealKind.BILL, 1_200_000, 12, 5, FeeMode.PER_TERM, 7_200, _SETTLE),
    (ICBC, "quoted", DealKind.MERCHANT, 599_900, 12, 3, FeeMode.UPFRONT, 43_200, CancellationKind.REFUND),
    (CITIC, "accepted", DealKind.CASH, 2_000_000, 24, 8, FeeMode.INTEREST, 0, _SETTLE),
    (ICBC, "refused", DealKind.BILL, 880_000, 24, 6, FeeMode.PER_TERM, 5_280, CancellationKind.SHORTEN),
    (CITIC, "done", DealKind.MERCHANT, 368_000, 6, 2, FeeMode.PER_TERM, 2_208, _SETTLE),
    (CMB, "withdrawn", DealKind.MERCHANT, 129_900, 3, 1, FeeMode.PER_TERM, 0, _SETTLE),
)
_RATE = Decimal("12.60")


def add(stage: Stage, client: Client, *, proof: str) -> None:
    """The banks offer the service, and whoever signs in at the demo's door has asked something of each.

    `proof` is the file that the first of them gives with what went back to the merchant.
    """
    with stage.hub.writing(HUB) as tx:
        for code in (ICBC, CMB, CITIC):
            _offer(tx, code)
    for number, person in enumerate(CARDHOLDERS.values(), start=1):
        for place in range(len(_DEALS)):
            _tell(stage, client, person, number, place, proof if number == 1 else None)


def _offer(tx: HubTransaction, code: str) -> None:
    settings = dict(banks.get_bank(tx, code).settings)
    offered = {*read_services(settings.get("services", "")), Service.INSTALMENTS}
    banks.set_settings(tx, code, {**settings, "services": ",".join(sorted(offered))})


def _tell(stage: Stage, client: Client, person: Person, number: int, place: int, proof: str | None) -> None:
    bank_code, becomes, kind, principal_fen, terms, paid, mode, fee_fen, asked = _DEALS[place]
    today = stage.today()
    deal = InstalmentDeal(
        kind=kind,
        principal_fen=principal_fen,
        terms=terms,
        paid_terms=paid,
        fee_mode=mode,
        fee_fen=fee_fen,
        annual_percent=_RATE if mode is FeeMode.INTEREST else None,
        # The next instalment is some three weeks away.
        first_posted_on=today + timedelta(days=20 + place) - relativedelta(months=paid),
    )
    wish = Wish(
        kind=asked,
        wanted_on=today + timedelta(days=3),
        merchant_refund_fen=principal_fen if asked is CancellationKind.REFUND else None,
        terms_left=terms - paid - 6 if asked is CancellationKind.SHORTEN else None,
    )
    matter = InstalmentMatter(
        bank_code=bank_code, card_last4=f"{8800 + number}", deal=deal, wish=wish, deal_no=f"FQ{number}0{place}"
    )
    with stage.hub.writing(cardholder(client)) as tx:
        subject = subjects.of_client(tx, client.id, person.subject)
        proofs = [proof] if proof is not None and asked is CancellationKind.REFUND else []
        request = asking.ask(tx, subject, matter, Contact(mobile=person.mobile), proofs_of_refund=proofs)
        request_id = request.matter_id
        if becomes == "withdrawn":
            asking.withdraw(tx, subject, request_id, "先不办了")
    _answered(stage, client, person, matter, request_id, becomes)


def _answered(
    stage: Stage, client: Client, person: Person, matter: InstalmentMatter, request_id: str, becomes: str
) -> None:
    bank_code, today = matter.bank_code, stage.today()
    if becomes == "refused":
        refusal = Refusal(
            reason_code=RefusalReason.CONTRACT_TERM, text="第六条：账单分期办理后，只能一次结清，不能缩短期数。"
        )
        with stage.hub.writing(stage.clerk(bank_code)) as tx:
            quoting.refuse(tx, request_id, refusal, bank_code=bank_code)
    if becomes not in ("quoted", "accepted", "done"):
        return
    with stage.hub.writing(stage.clerk(bank_code)) as tx:
        quoting.quote(tx, request_id, _quote(tx, matter, today), bank_code=bank_code)
    if becomes == "quoted":
        return
    with stage.hub.writing(cardholder(client)) as tx:
        subject = subjects.of_client(tx, client.id, person.subject)
        quote_id = _quote_id(tx, request_id)
        code = answering.send_code(tx, subject, request_id, quote_id).code
        answering.accept(tx, subject, request_id, quote_id, code)
        if becomes == "done":
            answering.note_payment(tx, subject, request_id)
    if becomes == "done":
        with stage.hub.writing(stage.clerk(bank_code)) as tx:
            quoting.post(tx, request_id, Posting(paid_on=today), bank_code=bank_code)


def _quote(tx: HubTransaction, matter: InstalmentMatter, today: date) -> QuoteContents:
    """What the hub reckons itself, and for one of them a little more, with the bank's words."""
    as_of = today + timedelta(days=3)
    own = estimate(matter.deal, replace(matter.wish, wanted_on=as_of), tx.bank(matter.bank_code).rules.reckoning)
    figures, basis = own.figures, ""
    if matter.deal.kind is DealKind.MERCHANT:
        figures = replace(figures, interest_to_date_fen=figures.interest_to_date_fen + 1_200)
        basis = "退款到账前按合同第五条另计 2 天。"
    return QuoteContents(
        as_of=as_of,
        valid_until=today + timedelta(days=7),
        pay_by=min(today + timedelta(days=10), next_day_of(matter.deal, today)),
        figures=figures,
        pay_fen=figures.pay_fen,
        basis=basis,
    )


def _quote_id(tx: HubTransaction, request_id: str) -> str:
    (record,) = service_requests.list_of_matter(tx, request_id)
    quote = matters.matter_of(tx, record).quote
    if quote is None:
        raise NotFound
    return quote.id
