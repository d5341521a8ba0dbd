"""Files that show what the application says, under headings that fit its reasons: some more, one less, or none for now.

One form does everything; `evidence_rows` does the same a file at a time, for the page's script.
"""

import contextlib
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.errors import Fault, Refused
from hub.domain.evidence_category import MAX_FILES, EvidenceCategory, category_of, guessed_kind, suggested_for
from hub.domain.loan import shares_of
from hub.domain.masks import card_last4
from hub.domain.plain import Plain
from hub.services.applications import draft_files, drafts
from hub.services.applications.drafts import FORM_CLIENT
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import Keeping, StoredEvidence, discarded_unless_kept
from hub.services.reading import directory
from hub.services.reading.cardholder.draft import DraftFile, files_of
from hub.web import uploads
from hub.web.access import face
from hub.web.pages.apply.draft_body import bank_codes_of, cards_of, loans_of
from hub.web.pages.apply.step_pages import (
    LATER,
    after,
    draft,
    is_from_check,
    put,
    reading_draft,
    step_page,
    typed_before,
)
from hub.web.pages.apply.steps import EVIDENCE
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go
from hub.web.pages.translation import page_language
from hub.web.pages.uploading import form_too_large, receive_file
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.uploads import takes_files

blueprint = Blueprint("evidence", __name__)

_HERE = "/apply/evidence"
_KINDS = "kinds."
_FILES = "files"


@blueprint.route("/evidence")
@for_cardholders
def show() -> Response:
    """The files so far under their headings, and room for more under each."""
    return _page(typed_before(EVIDENCE, draft().data) or FormState())


def _page(state: FormState, *, stay: bool = False) -> Response:
    with reading_draft() as (tx, there):
        data = there.data
        files = files_of(tx, data.get("evidence", []))
        names = directory.names_of(tx, bank_codes_of(data), language=page_language())
    suggested = suggested_for(data.get("hardship", {}).get("reasons", []))
    return step_page(
        EVIDENCE,
        state,
        stay=stay,
        categories=_categories(files, suggested),
        suggested=suggested,
        most=MAX_FILES,
        has_none=_has_none(data),
        receivers=_receivers(data, names),
    )


def _categories(
    files: list[DraftFile], suggested: list[EvidenceCategory]
) -> list[tuple[EvidenceCategory, list[DraftFile]]]:
    """What helps the person most, whatever else they gave something of, and everything else last."""
    of_each = {
        category: [each for each in files if category_of(each.kind) is category] for category in EvidenceCategory
    }
    shown = {*suggested, EvidenceCategory.OTHER, *(category for category, there in of_each.items() if there)}
    return [(category, of_each[category]) for category in EvidenceCategory if category in shown]


def _has_none(data: Plain) -> list[str]:
    """Under which headings the person has said that they have nothing for now."""
    said = data.get("no_evidence") or []
    # Whoever went on with nothing has not said so of any of them.
    return [] if said is True else list(said)


def _receivers(data: Plain, names: dict[str, str]) -> list[tuple[str, list[str]]]:
    """(creditor, last four of the cards and contracts) of everybody who gets the files."""
    found: dict[str, list[str]] = {}
    for bank_code, number in cards_of(data.get("accounts", [])):
        found.setdefault(names.get(bank_code, bank_code), []).append(card_last4(number))
    for share in (share for loan in loans_of(data) for share in shares_of(loan)):
        code = share.creditor_code
        # A bank's two codes have one name.
        found.setdefault(names.get(code, code), []).append(share.contract_last4)
    return list(found.items())


@blueprint.route("/evidence", methods=["POST"])
@for_cardholders
@takes_files
def save() -> Response:
    """Every chosen file is there that can be, whichever button was pressed; one goes on where nothing is wrong."""
    uploads_only = request.form.get("do") == "upload"
    with _received() as received:
        faults = [*received.faults]
        if uploads_only and not received.stored and not faults:
            faults.append(Fault(f"/{_FILES}/{EvidenceCategory.INCOME}", "file_required"))
        faults += _take_in(received, goes_on=not uploads_only)
    if faults:
        return _page(FormState().with_faults(faults), stay=any(each.pointer.startswith("/files") for each in faults))
    return go(_again() if uploads_only else after(EVIDENCE))


def _again() -> str:
    return f"{_HERE}?from=check" if is_from_check() else _HERE


class _Received:
    """The chosen files in the store, each with its place in the form; and what is wrong with the others."""

    def __init__(self) -> None:
        self.stored: list[tuple[str, StoredEvidence, Keeping]] = []
        self.faults: list[Fault] = []


@contextlib.contextmanager
def _received() -> Iterator[_Received]:
    """All chosen files; at the end the bytes of those are gone that got no row."""
    received, store = _Received(), face().hub.store
    with contextlib.ExitStack() as kept:
        for category in EvidenceCategory:
            pointer = f"/{_FILES}/{category}"
            for file in request.files.getlist(f"{_FILES}.{category}"):
                if not file.filename:
                    continue
                kind = guessed_kind(category, uploads.file_of_form(file).file_name)
                one = receive_file(file, kind, client_id=FORM_CLIENT, pointer=pointer)
                received.faults += one.faults
                if one.stored is not None:
                    keeping = kept.enter_context(discarded_unless_kept(store, one.stored))
                    received.stored.append((pointer, one.stored, keeping))
        yield received


def _take_in(received: _Received, *, goes_on: bool) -> list[Fault]:
    """The draft holds the files and what they were said to be, and the step, where nothing is wrong and one `goes_on`.

    Gives what is wrong.
    """
    person, hub = current_cardholder(), face().hub
    kinds = {name.removeprefix(_KINDS): kind for name, kind in request.form.items() if name.startswith(_KINDS)}
    if not (received.stored or goes_on or kinds):
        return []
    with hub.writing(person.actor) as tx:
        drafts.owner_of_files(tx)

        def change(data: Plain) -> list[Fault]:
            draft_files.set_kinds(data, kinds)
            faults: list[Fault] = []
            for pointer, stored, keeping in received.stored:
                try:
                    keeping.kept = draft_files.add(tx, data, stored, pointer=pointer).is_new
                except Refused as refused:
                    faults += refused.faults
            if goes_on and not faults and not received.faults:
                put(EVIDENCE, {"no_evidence": _no_evidence(data)}, data)
            return faults

        return drafts.change(tx, person, change)


def _no_evidence(data: Plain) -> list[str] | bool | None:
    """What the draft holds of papers that are not there: headings, that one went on without any, or nothing."""
    there = {category_of(each["kind"]) for each in data.get("evidence", [])}
    said = set(request.form.getlist("no_evidence"))
    ticked = [str(each) for each in EvidenceCategory if each in said and each not in there]
    goes_on = request.form.get("do") != LATER or data.get("no_evidence") is True
    return ticked or (True if goes_on and not there else None)


def take_out(unwanted: Callable[[Plain], bool]) -> None:
    """The `unwanted` files of the draft are gone, their bytes too where nothing else holds them."""
    person, hub = current_cardholder(), face().hub
    with hub.writing(person.actor) as tx:
        names = draft_files.take_out(tx, person, unwanted)
    evidence_files.delete_bytes(hub.store, names)


@blueprint.route("/evidence/remove", methods=["POST"])
@for_cardholders
@takes_files
def remove() -> Response:
    """The file is gone, where it is in this person's draft; removed twice, it is gone once. Chosen ones are there."""
    wanted = request.form.get("id", "")
    take_out(lambda each: each["id"] == wanted)
    with _received() as received:
        faults = [*received.faults, *_take_in(received, goes_on=False)]
    return _page(FormState().with_faults(faults)) if faults else go(_again())


@blueprint.errorhandler(RequestEntityTooLarge)
def not_read(_error: RequestEntityTooLarge) -> Response:
    """The page again, where the files were together too large to be looked at."""
    return _page(FormState().with_faults([form_too_large(f"/{_FILES}/{EvidenceCategory.INCOME}")]), stay=True)
