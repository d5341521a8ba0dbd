"""The files of a form, each chosen once: where the form comes back with faults, they wait with it.

A script sends each file on its own while the form is filled in; it waits in the same way.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from flask import Response, request

from hub.domain.application import EvidenceReference
from hub.domain.errors import Fault, NotFound
from hub.domain.evidence import EvidenceKind
from hub.domain.evidence_category import MAX_FILES
from hub.services.evidence import evidence_files, waiting_files
from hub.services.evidence.evidence_files import Keeping, Receive, StoredEvidence, discarded_unless_kept
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply.consents import at_its_tick
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState
from hub.web.pages.uploading import receive_file
from hub.web.pages.visitors import current_cardholder, now_for_sessions

FILES_FIELD = "file"
WAITING_FIELD = "waiting_file"
WAITING_KIND = "waiting_kind"
_DROP = "drop"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A file that waits with its form, as its row shows it; `sealed` is the value of the form's hidden field."""

    file_name: str
    media_type: str
    size: int
    kind: str
    sealed: str


def waiting(stored: StoredEvidence) -> WaitingFile:
    """The file as it waits with a form of the person who is signed in."""
    text = waiting_files.sealed(face().hub.keyring, stored, owner=current_cardholder().owner_key, at=now_for_sessions())
    return WaitingFile(
        file_name=stored.file_name,
        media_type=stored.media_type,
        size=stored.size,
        kind=stored.kind,
        sealed=text,
    )


@dataclass(slots=True)
class ChosenFiles:
    """The form's files in the store, and what is wrong with others; `keepings` are those of files that are new."""

    stored: list[StoredEvidence] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    keepings: list[Keeping] = field(default_factory=list)

    @property
    def references(self) -> tuple[EvidenceReference, ...]:
        """The files as a message names them."""
        return tuple(EvidenceReference(id=each.file.id, kind=EvidenceKind(each.kind)) for each in self.stored)

    @property
    def is_only_dropping(self) -> bool:
        """Whether the form was sent for nothing but to take a waiting file out of it."""
        return _DROP in request.form

    def keep(self, tx: HubTransaction) -> None:
        """The files have their rows; raises `Refused` for one that was sent before."""
        for each in self.stored:
            waiting_files.keep(tx, each)
        self._kept()

    def wait(self) -> list[WaitingFile]:
        """The files stay in the store for the form that comes back."""
        # No row speaks of them: the sweep of orphans takes them, unless the form is sent before.
        self._kept()
        return [waiting(each) for each in self.stored]

    def _kept(self) -> None:
        for keeping in self.keepings:
            keeping.kept = True


@contextlib.contextmanager
def chosen_files(
    negotiation: OwnNegotiation,
    receive: Receive = evidence_files.receive,
    *,
    kind_field: str = "kind",
    most: int = MAX_FILES,
) -> Iterator[ChosenFiles]:
    """The files that were chosen now behind those that waited; the bytes of new ones are gone unless kept or waiting.

    `kind_field` is the field of the form that says what the new ones are, where there is one. Of more than `most` the
    last ones count where only one can be sent, and the others are told of otherwise.
    The bytes of those that waited are never taken away here: the same form may be sent twice at once.
    """
    chosen, store = ChosenFiles(), face().hub.store
    _add_waiting(chosen)
    kind, faults_of_kind = _kind_of(request.form.get(kind_field), f"/{kind_field}")
    with contextlib.ExitStack() as kept:
        for file in request.files.getlist(FILES_FIELD):
            if not file.filename:
                continue
            received = receive_file(file, kind, client_id=negotiation.client_id, receive=receive)
            chosen.faults += received.faults
            if received.stored is None:
                continue
            keeping = kept.enter_context(discarded_unless_kept(store, received.stored))
            if len(chosen.stored) < most or most == 1:
                # One that was not taken is chosen again, and its kind with it.
                chosen.faults += [each for each in faults_of_kind if each not in chosen.faults]
                chosen.stored = [*chosen.stored, received.stored][-most:]
                chosen.keepings.append(keeping)
            else:
                name = received.stored.file_name
                chosen.faults.append(Fault(f"/{FILES_FIELD}", "too_many_files", {"name": name, "most": most}))
        yield chosen


def send_with_files(
    files: ChosenFiles,
    state: FormState,
    value: T | None,
    effect: Callable[[HubTransaction, T], str],
    *,
    form: Callable[[FormState, Sequence[WaitingFile]], Response],
) -> Response:
    """As `send_once`, the files kept in the same transaction; where the form comes back the files wait with it."""
    if files.is_only_dropping:
        return form(FormState(values=state.values, fields=state.fields), files.wait())

    def kept(tx: HubTransaction, sound: T) -> str:
        files.keep(tx)
        return effect(tx, sound)

    def back(faulty: FormState) -> Response:
        return form(replace(faulty, faults=tuple(map(at_its_tick, faulty.faults))), files.wait())

    return send_once(current_cardholder(), state.with_faults(files.faults), value, kept, form=back)


def _kind_of(word: str | None, pointer: str) -> tuple[EvidenceKind, list[Fault]]:
    """The kind that was chosen; a file of no known kind waits as one of the others."""
    given = word or EvidenceKind.OTHER
    if given in set(EvidenceKind):
        return EvidenceKind(given), []
    return EvidenceKind.OTHER, [Fault(pointer, "required")]


def _add_waiting(chosen: ChosenFiles) -> None:
    """The files that waited, but for one that is taken out."""
    owner, keyring, at = current_cardholder().owner_key, face().hub.keyring, now_for_sessions()
    kinds = request.form.getlist(WAITING_KIND)
    for place, text in enumerate(request.form.getlist(WAITING_FIELD)):
        if not text or request.form.get(_DROP) == str(place):
            continue
        kind, faults = _kind_of(kinds[place] if place < len(kinds) else None, f"/{FILES_FIELD}")
        try:
            chosen.stored.append(waiting_files.opened(keyring, text, owner=owner, kind=kind, at=at))
        except NotFound:
            chosen.faults.append(Fault(f"/{FILES_FIELD}", "evidence_unknown"))
        else:
            chosen.faults += faults
