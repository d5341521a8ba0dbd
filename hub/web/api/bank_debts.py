"""What a bank says of the debt behind a negotiation, by API: where it stands in court, and to whom the claim went."""

from flask import Response

from hub.services.negotiations import claim_transfers, credit_notes, legal_stages
from hub.services.negotiations.locking import lock_for_bank
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.bank_negotiations import standing_of
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.actions import RequiredWordsSchema, load_words
from schemas.bank_answers import BankNegotiationAnswerSchema
from schemas.debts import ClaimTransferSchema, LegalStageSchema, load_claim_transfer, load_legal_stage
from schemas.offer_answers import CreditNoteAnswerSchema

blueprint = noun("bank debts", "The debt behind a negotiation", below="/bank/negotiations/<id:negotiation_id>")


@blueprint.route("/legal-stage", methods=["POST"])
@described(
    {200: BankNegotiationAnswerSchema},
    body=LegalStageSchema,
    key=True,
    about=(
        "Said before an offer: 409 while one of yours is undecided. It counts over the person's word. An agreement on "
        "a debt that was sued for is a settlement beside the court, and no plan of Article 70."
    ),
)
@needs(REVIEW)
def state_legal_stage(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say how far the debt has got in court."""
    read = load_legal_stage(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        legal_stages.state(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return standing_of(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/transfer", methods=["POST"])
@described(
    {200: BankNegotiationAnswerSchema},
    body=ClaimTransferSchema,
    key=True,
    about=(
        "Your notice to the person. An open negotiation ends as `rejected`, `other`, with `transferred_to`; 409 while "
        "an offer of yours can still be accepted. An agreement in force stays so and binds whoever has the claim. "
        "Nothing of the person's is handed on to them."
    ),
)
@needs(REVIEW)
def transfer(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say that you have transferred the claim, and to whom."""
    read = load_claim_transfer(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        claim_transfers.transfer(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return standing_of(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/credit-notes/<id:note_id>/answer", methods=["POST"])
@described({201: CreditNoteAnswerSchema}, body=RequiredWordsSchema, key=True)
@needs(REVIEW)
def answer_credit_note(caller: ApiCaller, negotiation_id: str, note_id: str) -> Response:
    """Answer what the person asked about their entry at the credit register."""
    read = load_words(caller.body.value(), required=True)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        note = credit_notes.answer(tx, negotiation_id, note_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=201, body=credit_notes.note_view(tx, note))

    return caller.once(keep)
