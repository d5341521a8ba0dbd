"""A bank's own work on a case, by API: whose it is, what was found of its files, what papers show for the month.

It is the bank's alone: the person is shown none of it, and it is no part of the log that both read.
"""

from flask import Response

from hub.domain.plain import Plain, instant
from hub.services.doubts import answering
from hub.services.evidence import checks
from hub.services.negotiations import assignment, evidenced_figures, owners
from hub.services.negotiations.locking import lock_for_bank
from hub.services.reading.bank.desk import desk_view
from hub.services.reading.bank.doubts import DoubtShown
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.doubt_sentences import doubt_text
from hub.web.idempotency import Reply, json_response
from schemas.desk import (
    CaseOwnerSchema,
    DeskAnswerSchema,
    DoubtAnswerSchema,
    FigureTakeBackSchema,
    load_doubt_answer,
    load_owner,
    load_take_back,
)
from schemas.evidence_checks import EvidenceCheckSchema, EvidencedFigureSchema, load_check, load_figure

blueprint = noun("bank desk", "A bank's own work on a case", below="/bank/negotiations/<id:negotiation_id>")


@blueprint.route("/desk")
@described(
    {200: DeskAnswerSchema},
    about=(
        "The person is never shown any of it, but that `recognised_amounts`, `doubts` and what was done about them are "
        "in the copy of their data that they can take along. A doubt is a hint found by comparing, never a verdict."
    ),
)
@needs(REVIEW)
def show(caller: ApiCaller, negotiation_id: str) -> Response:
    """Whose case it is, what was found of its files, and what papers show for the month."""
    with caller.hub.reading(caller.actor) as tx:
        return json_response(_shown(tx, caller, negotiation_id))


@blueprint.route("/owner", methods=["POST"])
@described(
    {200: DeskAnswerSchema},
    body=CaseOwnerSchema,
    key=True,
    about="An active reviewer or supervisor of yours, who is told by mail a minute later; null makes it nobody's.",
)
@needs(REVIEW)
def set_owner(caller: ApiCaller, negotiation_id: str) -> Response:
    """Give the case to one of your people, or to nobody."""
    read = load_owner(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        row = lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        email = read.value_or_refuse().email
        owner = None if email is None else owners.by_email(tx, email, bank_code=caller.bank_code)
        if owner is None or owner.id != row.owner_id:
            assignment.assign(
                tx,
                row.id,
                bank_code=caller.bank_code,
                owner_id=None if owner is None else owner.id,
                seen_owner=row.owner_id,
            )
        return _desk(tx, caller, row.id)

    return caller.once(keep)


@blueprint.route("/evidence/<id:evidence_id>/check", methods=["POST"])
@described(
    {200: DeskAnswerSchema},
    body=EvidenceCheckSchema,
    key=True,
    about="`doubtful` needs words, which are for your people alone. The last check of a file counts.",
)
@needs(REVIEW)
def check_evidence(caller: ApiCaller, negotiation_id: str, evidence_id: str) -> Response:
    """Say that a file was checked, or that there are doubts."""
    read = load_check(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        checks.check(tx, negotiation_id, evidence_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return _desk(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/evidenced-figures", methods=["POST"])
@described(
    {200: DeskAnswerSchema},
    body=EvidencedFigureSchema,
    key=True,
    about=(
        "`line` is a line of the declared month: `income`, `income.wage`, `spending.rent` and so on. What was declared "
        "stays the basis of every rule; this stands beside it. The last figure of a line counts."
    ),
)
@needs(REVIEW)
def record_figure(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say what papers show for a line of the person's month."""
    read = load_figure(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        evidenced_figures.record(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return _desk(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/evidenced-figures/take-back", methods=["POST"])
@described(
    {200: DeskAnswerSchema},
    body=FigureTakeBackSchema,
    key=True,
    about="The line counts as not compared with papers again; nothing happens where it was not.",
)
@needs(REVIEW)
def take_back_figure(caller: ApiCaller, negotiation_id: str) -> Response:
    """Take back what papers were said to show for a line."""
    read = load_take_back(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        evidenced_figures.take_back(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return _desk(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/doubts/<id:doubt_id>/answer", methods=["POST"])
@described(
    {200: DeskAnswerSchema},
    body=DoubtAnswerSchema,
    key=True,
    about="The last answer counts. It decides nothing, and the person is not told.",
)
@needs(REVIEW)
def answer_doubt(caller: ApiCaller, negotiation_id: str, doubt_id: str) -> Response:
    """Say what was done about a doubt."""
    read = load_doubt_answer(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        answering.answer(tx, negotiation_id, doubt_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return _desk(tx, caller, negotiation_id)

    return caller.once(keep)


def _desk(tx: HubTransaction, caller: ApiCaller, negotiation_id: str) -> Reply:
    return Reply(status=200, body=_shown(tx, caller, negotiation_id))


def _shown(tx: HubTransaction, caller: ApiCaller, negotiation_id: str) -> Plain:
    found = desk_view(tx, negotiation_id, bank_code=caller.bank_code)
    return {**found.view, "doubts": [_doubt(each) for each in found.doubts]}


def _doubt(shown: DoubtShown) -> Plain:
    doubt = shown.doubt
    return {
        "id": shown.id,
        "kind": doubt.kind,
        "evidence_id": doubt.evidence_id,
        "facts": dict(doubt.facts),
        "text_zh": doubt_text(doubt, "zh"),
        "text_en": doubt_text(doubt, "en"),
        "found_at": instant(shown.found_at),
        "answer": shown.answer,
        "answered_at": None if shown.answered_at is None else instant(shown.answered_at),
    }
