"""What a bank's clerk read in the papers for a line of the person's month, beside what the person declared.

It is for colleagues, as `evidence/checks.py` is; what was declared stays the basis of every rule.
"""

from hub.domain.errors import Fault, NotHandedOn, Refused
from hub.domain.evidence import EvidenceStatus
from hub.domain.evidenced_figures import EvidencedFigure, lines_of
from hub.services.doubts.jobs import look_for_doubts
from hub.services.negotiations.locking import lock_for_bank
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import consents, evidenced_figures, given_evidence
from storage.records import EvidencedFigureRecord, NegotiationRecord, new_id
from storage.submissions import submission_of


def record(tx: HubTransaction, negotiation_id: str, figure: EvidencedFigure, *, bank_code: str) -> None:
    """This is what the papers show for the line from now on; what was read before is kept.

    The same again changes nothing. Raises `NotFound`, `NotHandedOn` once the person keeps their month back, and
    `Refused` for a line that the application does not have and
    a file that the bank was not given.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if consents.withheld_of(tx, negotiation).everything:
        raise NotHandedOn
    faults = _faults(tx, negotiation, figure)
    if faults:
        raise Refused(*faults)
    if figure in [evidenced_figures.figure_of(tx, each) for each in _newest(tx, negotiation)]:
        return
    evidenced_figures.add(tx, negotiation, figure, actor=str(tx.actor))
    audit.note(tx, AuditKind.FIGURE_READ, negotiation.reference, line=figure.line)
    _look_again(tx, negotiation)


def take_back(tx: HubTransaction, negotiation_id: str, line: str, *, bank_code: str) -> None:
    """The line counts as not compared with papers again; nothing where it was not. Raises `NotFound`."""
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if evidenced_figures.take_back(tx, negotiation, line):
        audit.note(tx, AuditKind.FIGURE_TAKEN_BACK, negotiation.reference, line=line)
        _look_again(tx, negotiation)


def _look_again(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    # Each change of a figure is another cause.
    tx.jobs.enqueue(tx.session, look_for_doubts(negotiation.id, why=f"figure:{new_id()}"))


def _newest(tx: HubTransaction, negotiation: NegotiationRecord) -> list[EvidencedFigureRecord]:
    return list(evidenced_figures.newest(tx, negotiation.id, bank_code=negotiation.bank_code))


def _faults(tx: HubTransaction, negotiation: NegotiationRecord, figure: EvidencedFigure) -> list[Fault]:
    faults = []
    if figure.line not in {each.name for each in lines_of(submission_of(tx, negotiation).finances)}:
        faults.append(Fault("/line", "line_unknown"))
    if figure.evidence_id is not None:
        found = given_evidence.find_given(tx, negotiation.id, figure.evidence_id)
        if found is None or found[1].status != EvidenceStatus.CLEAN:
            faults.append(Fault("/evidence_id", "file_not_given"))
    return faults
