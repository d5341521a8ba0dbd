"""The bank's own work on a case as its programs see it: whose it is, what was said of files, what papers show."""

from dataclasses import dataclass

from hub.domain.evidence import EvidenceStatus
from hub.domain.plain import Plain, instant
from hub.services.reading.bank.affordability import figures_shown
from hub.services.reading.bank.doubts import DoubtShown, list_doubts
from hub.services.transaction import HubTransaction
from storage import consents, evidence_checks, given_evidence, negotiations, recognised_amounts, staff
from storage.records import NegotiationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """What there is as plain data, but for the `doubts`, whose sentences are the face's."""

    view: Plain
    doubts: tuple[DoubtShown, ...]


def desk_view(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> DeskView:
    """All of it, less what was read in papers that the person keeps back by now.

    Raises `NotFound` for an unknown case and another bank's alike.
    """
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    checks = evidence_checks.newest(tx, row.id, bank_code=bank_code)
    withheld = consents.withheld_of(tx, row)
    view: Plain = {
        "negotiation_id": row.id,
        "owner": _owner(tx, row),
        "evidence_checks": [
            {
                "evidence_id": evidence_id,
                "verdict": each.verdict,
                "text": evidence_checks.text_of(tx, each),
                "at": instant(each.at),
            }
            for evidence_id, each in sorted(checks.items())
            if not (withheld.everything or evidence_id in withheld.evidence_ids)
        ],
        "evidenced_figures": [
            {
                "line": found.line,
                "amount_fen": found.amount_fen,
                "evidence_id": found.evidence_id,
                "note": found.note,
                "at": instant(each.at),
            }
            for each, found in figures_shown(tx, row)
        ],
        "recognised_amounts": _recognised(tx, row),
    }
    return DeskView(view=view, doubts=list_doubts(tx, row, {}))


def _recognised(tx: HubTransaction, row: NegotiationRecord) -> list[Plain]:
    withheld = consents.withheld_of(tx, row)
    files = [
        record.id
        for given, record in given_evidence.list_given(tx, row)
        if record.status == EvidenceStatus.CLEAN and not withheld.holds(record.id, given.kind)
    ]
    found = recognised_amounts.of_files(tx, files)
    return [
        {"evidence_id": id_, "page": each.page, "label": each.label, "amount_fen": each.amount_fen}
        for id_ in dict.fromkeys(files)
        for each in found.get(id_, ())
    ]


def _owner(tx: HubTransaction, row: NegotiationRecord) -> Plain | None:
    person = None if row.owner_id is None else staff.find(tx, row.owner_id)
    return None if person is None else {"id": person.id, "name": person.name, "email": staff.email_of(tx, person)}
