"""The file of a form, which is chosen once: where the form comes back with faults, the file waits with it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Response, request

from hub.domain.application import EvidenceReference
from hub.domain.errors import Fault, NotFound
from hub.domain.evidence import EvidenceKind
from hub.services.evidence import evidence_files, waiting_files
from hub.services.evidence.evidence_files import Keeping, Receive, StoredEvidence, discarded_unless_kept
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState
from hub.web.pages.uploading import receive_chosen
from hub.web.pages.visitors import current_cardholder, now_for_sessions

WAITING_FIELD = "waiting_file"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A file that waits with its form: its name for the person, and the value of the form's hidden field."""

    file_name: str
    sealed: str


@dataclass(slots=True, kw_only=True)
class ChosenFile:
    """The form's file in the store, or None where there is none; and what is wrong with it."""

    stored: StoredEvidence | None = None
    faults: list[Fault] = field(default_factory=list)
    keeping: Keeping = field(default_factory=Keeping)

    @property
    def reference(self) -> EvidenceReference | None:
        """The file as a message names it."""
        if self.stored is None:
            return None
        return EvidenceReference(id=self.stored.file.id, kind=EvidenceKind(self.stored.kind))

    def keep(self, tx: HubTransaction) -> None:
        """The file has its row, where there is one; raises `Refused` for one that was sent before."""
        if self.stored is not None:
            waiting_files.keep(tx, self.stored)
            self.keeping.kept = True

    def waits(self) -> WaitingFile | None:
        """The file stays in the store for the form that comes back with faults."""
        if self.stored is None:
            return None
        # No row speaks of it: the sweep of orphans takes it, unless the form is sent before.
        self.keeping.kept = True
        sealed = waiting_files.sealed(
            face().hub.keyring, self.stored, owner=current_cardholder().owner_key, at=now_for_sessions()
        )
        return WaitingFile(file_name=self.stored.file_name, sealed=sealed)


@contextlib.contextmanager
def chosen_file(
    negotiation: OwnNegotiation, receive: Receive = evidence_files.receive, *, kind_field: str = "kind"
) -> Iterator[ChosenFile]:
    """The file that was chosen now, or the one that waited; the bytes of a new one are gone unless it is kept or waits.

    `kind_field` is the field of the form that says what it is, where there is one.
    The bytes of one that waited are never taken away here: the same form may be sent twice at once.
    """
    chosen = _received(negotiation, receive, kind_field)
    if chosen.stored is None:
        chosen = _waiting(chosen.faults, kind_field)
        yield chosen
        return
    with discarded_unless_kept(face().hub.store, chosen.stored) as chosen.keeping:
        yield chosen


def send_with_file(
    file: ChosenFile,
    state: FormState,
    value: T | None,
    effect: Callable[[HubTransaction, T], str],
    *,
    form: Callable[[FormState, WaitingFile | None], Response],
) -> Response:
    """As `send_once`, the file kept in the same transaction; where the form comes back the file waits with it."""

    def kept(tx: HubTransaction, sound: T) -> str:
        file.keep(tx)
        return effect(tx, sound)

    def back(faulty: FormState) -> Response:
        return form(faulty, file.waits())

    return send_once(current_cardholder(), state.with_faults(file.faults), value, kept, form=back)


def _received(negotiation: OwnNegotiation, receive: Receive, kind_field: str) -> ChosenFile:
    kind, faults_of_kind = _kind(kind_field)
    received = receive_chosen(kind, client_id=negotiation.client_id, receive=receive)
    if received is None:
        return ChosenFile()
    # One that was not taken is chosen again, and its kind with it.
    faults = received.faults if received.stored is None else faults_of_kind
    return ChosenFile(stored=received.stored, faults=[*faults])


def _kind(name: str) -> tuple[EvidenceKind, list[Fault]]:
    """The kind that was chosen; a file of no known kind waits as one of the others."""
    word = request.form.get(name) or EvidenceKind.OTHER
    if word in set(EvidenceKind):
        return EvidenceKind(word), []
    return EvidenceKind.OTHER, [Fault(f"/{name}", "required")]


def _waiting(faults: list[Fault], kind_field: str) -> ChosenFile:
    """The file that waited, where no other was chosen or the other was not taken."""
    text = request.form.get(WAITING_FIELD)
    if not text:
        return ChosenFile(faults=faults)
    owner, (kind, faults_of_kind) = current_cardholder().owner_key, _kind(kind_field)
    try:
        stored = waiting_files.opened(face().hub.keyring, text, owner=owner, kind=kind, at=now_for_sessions())
    except NotFound:
        return ChosenFile(faults=[*faults, Fault("/file", "evidence_unknown")])
    return ChosenFile(stored=stored, faults=[*faults, *faults_of_kind])
