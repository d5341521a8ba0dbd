"""Files that show what the application says: one more, one less, or none for now."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.errors import EvidenceAttached, Fault, NotFound
from hub.domain.evidence import EvidenceKind
from hub.domain.plain import Plain
from hub.services.applications import drafts
from hub.services.applications.drafts import FORM_CLIENT, NEEDS_KIND
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import StoredEvidence, discarded_unless_kept
from hub.services.reading import directory
from hub.services.reading.cardholder.draft import files_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply.draft_body import bank_codes_of
from hub.web.pages.apply.step_pages import after, draft, is_from_check, put, reading_draft, step_page, typed_before
from hub.web.pages.apply.steps import EVIDENCE
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go
from hub.web.pages.translation import page_language
from hub.web.pages.uploading import form_too_large, receive_chosen
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.evidence import MAX_EVIDENCE

blueprint = Blueprint("evidence", __name__)

_HERE = "/apply/evidence"
_KINDS = "kinds."
_SUGGESTED = {
    "illness": (EvidenceKind.MEDICAL_BILL, EvidenceKind.DIAGNOSIS),
    "unemployment": (EvidenceKind.UNEMPLOYMENT_PROOF,),
    "disaster": (EvidenceKind.DISASTER_PROOF,),
    "family_care": (EvidenceKind.FAMILY_STATEMENT,),
    "family_change": (EvidenceKind.FAMILY_STATEMENT,),
}


@blueprint.route("/evidence")
@for_cardholders
def show() -> Response:
    """The files so far, and room for one more."""
    return _page(typed_before(EVIDENCE, draft().data) or FormState())


def _page(state: FormState, *, stay: bool = False) -> Response:
    with reading_draft() as (tx, there):
        data = there.data
        files = files_of(tx, data.get("evidence", []))
        names = directory.names_of(tx, bank_codes_of(data), language=page_language())
    reasons = data.get("hardship", {}).get("reasons", [])
    suggested = [kind for reason in reasons for kind in _SUGGESTED.get(reason, ())]
    return step_page(
        EVIDENCE,
        state,
        stay=stay,
        files=files,
        has_none=bool(data.get("no_evidence")),
        suggested=list(dict.fromkeys([EvidenceKind.PAYSLIP, EvidenceKind.BANK_STATEMENT, *suggested])),
        banks=list(names.values()),
    )


@blueprint.route("/evidence", methods=["POST"])
@for_cardholders
def save() -> Response:
    """A chosen file is there, whichever button was pressed; the person goes on where nothing is to be put right."""
    uploads_only = request.form.get("do") == "upload"
    faults = _take_in(_received(required=uploads_only), names_kinds=True, goes_on=not uploads_only)
    if faults:
        # What the hub has can wait for its kind; a file that was not taken has to be told of.
        return _page(_typed().with_faults(faults), stay=any(each.pointer == "/file" for each in faults))
    return go(_again() if uploads_only else after(EVIDENCE))


def _again() -> str:
    return f"{_HERE}?from=check" if is_from_check() else _HERE


def _typed() -> FormState:
    # What was said of the last file is not said of the next one.
    return FormState(values={name: list(values) for name, values in request.form.lists() if name != "kind"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    """The chosen file in the store, or None; whether nobody said what it is; and what is wrong with it."""

    stored: StoredEvidence | None = None
    needs_kind: bool = False
    faults: tuple[Fault, ...] = ()


def _received(*, required: bool) -> _Received:
    kind = request.form.get("kind")
    # A file without its kind is kept all the same: a browser does not choose it a second time.
    known = EvidenceKind(kind) if kind in set(EvidenceKind) else EvidenceKind.OTHER
    received = receive_chosen(known, client_id=FORM_CLIENT)
    if received is None:
        return _Received(faults=(Fault("/file", "file_required"),) if required else ())
    return _Received(stored=received.stored, needs_kind=kind != known, faults=received.faults)


def _take_in(received: _Received, *, names_kinds: bool, goes_on: bool) -> list[Fault]:
    """The draft holds the kinds that were named, the file, and the step, where nothing is wrong and one `goes_on`.

    Gives what is wrong.
    """
    person, hub = current_cardholder(), face().hub
    kinds = names_kinds and any(name.startswith(_KINDS) for name in request.form)
    if received.stored is None and not goes_on and not kinds:
        return list(received.faults)
    with discarded_unless_kept(hub.store, received.stored) as keeping, hub.writing(person.actor) as tx:
        drafts.owner_of_files(tx)

        def change(data: Plain) -> list[Fault]:
            faults = [*(_name_kinds(tx, data) if names_kinds else ()), *received.faults]
            if received.stored is not None:
                added, found = _add(tx, data, received.stored, needs_kind=received.needs_kind)
                keeping.kept = added
                faults += found
            if goes_on and not faults:
                has_none = request.form.get("no_evidence") == "1" or not data.get("evidence")
                put(EVIDENCE, {"no_evidence": True if has_none else None}, data)
            return faults

        return drafts.change(tx, person, change)


def _name_kinds(tx: HubTransaction, data: Plain) -> list[Fault]:
    """Files that waited for it have the kind that was chosen now; a fault for each that still has none."""
    for each in data.get("evidence", []):
        kind = request.form.get(f"{_KINDS}{each['id']}")
        if each.get(NEEDS_KIND) and kind in set(EvidenceKind):
            each["kind"] = kind
            del each[NEEDS_KIND]
    waiting = files_of(tx, (each for each in data.get("evidence", []) if each.get(NEEDS_KIND)))
    return [_needs_kind(each.id, each.file_name) for each in waiting]


def _needs_kind(evidence_id: str, file_name: str) -> Fault:
    return Fault(f"/kinds/{evidence_id}", "file_kind_required", {"name": file_name})


def _add(tx: HubTransaction, data: Plain, stored: StoredEvidence, *, needs_kind: bool) -> tuple[bool, list[Fault]]:
    """Whether the file got its row and stands in the draft's `data`; and what is wrong with it."""
    listed: list[Plain] = data.setdefault("evidence", [])
    if any(each.get("sha256") == stored.sha256 and each["kind"] == stored.kind for each in listed):
        # Sent twice by one press of the button, or by mistake: it is there.
        return False, []
    if len(listed) >= MAX_EVIDENCE:
        return False, [Fault("/file", "too_many", {"most": MAX_EVIDENCE})]
    evidence_files.keep(tx, stored)
    one: Plain = {"id": stored.file.id, "kind": stored.kind, "sha256": stored.sha256}
    listed.append({**one, NEEDS_KIND: True} if needs_kind else one)
    data.pop("no_evidence", None)
    return True, [_needs_kind(stored.file.id, stored.file_name)] if needs_kind else []


def take_out(unwanted: Callable[[Plain], bool]) -> None:
    """The `unwanted` files of the draft are gone, their bytes too where nothing else holds them."""
    person, hub = current_cardholder(), face().hub
    names: list[str] = []
    with hub.writing(person.actor) as tx:

        def leave(data: Plain) -> list[str]:
            listed = data.get("evidence", [])
            data["evidence"] = [each for each in listed if not unwanted(each)]
            return [each["id"] for each in listed if unwanted(each)]

        for gone in drafts.change(tx, person, leave):
            try:
                names += evidence_files.remove(tx, gone, client_id=FORM_CLIENT)
            except (NotFound, EvidenceAttached):
                continue
    evidence_files.delete_bytes(hub.store, names)


@blueprint.route("/evidence/remove", methods=["POST"])
@for_cardholders
def remove() -> Response:
    """The file is gone, where it is in this person's draft; removed twice, it is gone once. A chosen one is there."""
    wanted = request.form.get("id", "")
    take_out(lambda each: each["id"] == wanted)
    faults = _take_in(_received(required=False), names_kinds=False, goes_on=False)
    return _page(_typed().with_faults(faults)) if faults else go(_again())


@blueprint.errorhandler(RequestEntityTooLarge)
def not_read(_error: RequestEntityTooLarge) -> Response:
    """The page again, where the file was too large to be looked at."""
    return _page(FormState().with_faults([form_too_large()]), stay=True)
