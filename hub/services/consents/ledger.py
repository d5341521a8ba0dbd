"""The ledger of consents: filled with each submission, in the same commit, and later for what is older than it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.domain.actor import HUB, Actor, Channel
from hub.domain.application import Consent, EvidenceReference
from hub.domain.consent import Purpose, faults_of_later_files, text_of
from hub.domain.consent_ledger import (
    WITHDRAWABLE,
    Door,
    GivenConsent,
    Withdrawal,
    entries_of,
    is_given_anew,
    kinds_about,
)
from hub.domain.errors import Fault
from hub.domain.submission import Submission
from hub.services.transaction import HubTransaction, Transactions
from storage import consents, given_evidence, negotiation_locks
from storage.drafts import FORM_CLIENT
from storage.records import NegotiationRecord
from storage.spans import WHOLE, Span
from storage.submissions import submission_of

_NOTED_TOGETHER = 200


def door_of(actor: Actor) -> Door:
    """The way by which somebody came: the hub's own pages, or a program of a host app."""
    return Door.PAGE if actor.channel is Channel.WEB else Door.HOST_APP


def note_given(
    tx: HubTransaction,
    opened: Iterable[tuple[NegotiationRecord, Submission]],
    files: Sequence[tuple[str, str]],
    *,
    door: Door,
) -> None:
    """What was consented to with each submission stands in the ledger; `files` are those that came with it."""
    consents.add_given(
        tx,
        [
            (negotiation, given)
            for negotiation, submission in opened
            for given in _given(submission.consents, files, noted_at=tx.now, door=door)
        ],
    )


def _given(
    given: Iterable[Consent], files: Sequence[tuple[str, str]], *, noted_at: datetime, door: Door
) -> list[GivenConsent]:
    return [
        GivenConsent(
            purpose=Purpose(consent.purpose),
            version=consent.version,
            sha256=_digest(consent.purpose, consent.version),
            given_at=consent.given_at,
            noted_at=noted_at,
            door=door,
            evidence_id=evidence_id,
        )
        for consent, evidence_id in entries_of(given, files)
    ]


def _digest(purpose: str, version: str) -> str:
    text = text_of(purpose, version)
    return "" if text is None else text.sha256


def later_faults(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    named: Iterable[EvidenceReference],
    given: Iterable[Consent],
) -> list[Fault]:
    """What speaks against the files that come after the submission with the consents `given`: one that is missing."""
    files, anew = list(named), list(given)
    if not files and not anew:
        return []
    withdrawn = consents.list_withdrawn(tx, negotiation.id)
    return faults_of_later_files(
        anew,
        evidence=files,
        standing={each.purpose for each in list_shown(tx, negotiation) if each.withdrawn is None},
        taken_back_at={purpose: each.at for purpose, each in withdrawn.items()},
        now=tx.now,
    )


def note_later(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    files: Sequence[tuple[str, str]],
    given: Sequence[Consent],
) -> None:
    """Files that came later stand in the ledger under the consent that was given for such files, where one was.

    So do the consents `given` with them, as those of a submission. The row must be locked.
    """
    if given:
        require_noted(tx, negotiation)
        fresh = _given(given, files, noted_at=tx.now, door=door_of(tx.actor))
        consents.add_given(tx, [(negotiation, each) for each in fresh])
    if not files:
        return
    known = consents.list_given(tx, negotiation.id)
    noted = {(each.purpose, each.evidence_id) for each in known}
    newest = {each.purpose: each for each in known}
    later = [
        GivenConsent(
            purpose=purpose,
            version=given.version,
            sha256=given.sha256,
            given_at=given.given_at,
            noted_at=tx.now,
            door=given.door,
            evidence_id=id_,
        )
        for purpose, given in newest.items()
        for id_, kind in files
        if kind in kinds_about(purpose, [each for _, each in files]) and (purpose, id_) not in noted
    ]
    consents.add_given(tx, [(negotiation, each) for each in later])


def note_old(transactions: Transactions) -> int:
    """A lot of the negotiations from before the ledger have their consents in it now; gives how many.

    It goes on where it was broken off, and finds nothing once all are done.
    """
    with transactions.reading(HUB) as tx:
        ids = consents.list_unnoted(tx, _NOTED_TOGETHER)
    for each in ids:
        with transactions.writing(HUB) as tx:
            require_noted(tx, negotiation_locks.lock(tx, each))
    return len(ids)


def require_noted(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """What the negotiation's first submission says of consents stands in the ledger. The row must be locked."""
    if negotiation.consents_noted:
        return
    consents.add_given(tx, [(negotiation, each) for each in _given_before(tx, negotiation, noted_at=tx.now)])
    negotiation.consents_noted = True


def _given_before(tx: HubTransaction, negotiation: NegotiationRecord, *, noted_at: datetime) -> list[GivenConsent]:
    """What the submission says, of a negotiation from before the ledger; nothing of one that was erased meanwhile."""
    if negotiation.erased_at is not None:
        return []
    files = [(record.id, given.kind) for given, record in given_evidence.list_given(tx, negotiation)]
    return _given(submission_of(tx, negotiation).consents, files, noted_at=noted_at, door=_old_door(negotiation))


def _old_door(negotiation: NegotiationRecord) -> Door:
    # Only the hub's own form has no host app behind it; by which of its doors an app came then, nobody noted.
    return Door.PAGE if negotiation.client_id == FORM_CLIENT else Door.HOST_APP


def faults(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, reference, detail) of each negotiation whose own row says otherwise than the ledger, by their ids."""
    for reference in consents.list_disagreeing(tx, span):
        yield "consents", reference, "the ledger says otherwise of what was taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentShown:
    """One purpose of a negotiation as its person is shown it: what was agreed to, and whether it was taken back.

    `evidence_ids` are the files that it is about. `zh` and `en` are the words of that version, with `{bank}` in them
    where the bank is named.
    """

    purpose: Purpose
    version: str
    sha256: str
    given_at: datetime
    door: Door
    evidence_ids: tuple[str, ...]
    zh: str
    en: str
    withdrawn: Withdrawal | None

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it can be taken back now."""
        return self.withdrawn is None and self.purpose in WITHDRAWABLE


def list_shown(tx: HubTransaction, negotiation: NegotiationRecord) -> list[ConsentShown]:
    """What was consented to, a purpose once, in the order of `Purpose`; of an old negotiation out of its submission."""
    given = consents.list_given(tx, negotiation.id)
    if not negotiation.consents_noted:
        given = _given_before(tx, negotiation, noted_at=negotiation.opened_at)
    withdrawn = consents.list_withdrawn(tx, negotiation.id)
    of_purpose = {purpose: [each for each in given if each.purpose is purpose] for purpose in Purpose}
    return [_shown(purpose, listed, withdrawn.get(purpose)) for purpose, listed in of_purpose.items() if listed]


def _shown(purpose: Purpose, listed: Sequence[GivenConsent], withdrawn: Withdrawal | None) -> ConsentShown:
    last = listed[-1]
    if is_given_anew(last, withdrawn):
        withdrawn = None
    text = text_of(purpose, last.version)
    return ConsentShown(
        purpose=purpose,
        version=last.version,
        sha256=last.sha256,
        given_at=last.given_at,
        door=last.door,
        evidence_ids=tuple(dict.fromkeys(each.evidence_id for each in listed if each.evidence_id is not None)),
        zh="" if text is None else text.zh,
        en="" if text is None else text.en,
        withdrawn=withdrawn,
    )
