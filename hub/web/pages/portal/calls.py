"""Calls with a person: noting them, with the recording, and the terms that were agreed on in them."""

from dataclasses import replace
from typing import Any

from flask import Response, request

from hub.domain.correspondence import CALL_OUTCOME_ZH, CALL_TOLD_ZH, CallRecord
from hub.domain.errors import Fault, InvalidValue, TooLarge, UnsupportedType
from hub.domain.staff import ACTING
from hub.domain.terms import FIELDS_BY_KIND
from hub.services.accounts import clients
from hub.services.accounts.staff import Staff
from hub.services.agreements import oral_agreements
from hub.services.evidence.evidence_files import StoredEvidence, discarded_unless_kept, receive_recording
from hub.services.evidence.recordings import RECORDING
from hub.services.reading.bank.offer_start import offer_start
from hub.services.reading.bank.offers import OfferView, get_offer
from hub.services.transaction import HubTransaction
from hub.web import uploads
from hub.web.access import face
from hub.web.pages.display_names import GROUPS
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.portal.offers import kind_links, require_asked_again
from hub.web.pages.portal.plan_builder import kind_of
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.uploading import too_large
from hub.web.pages.visitors import current_staff, for_bank
from hub.web.uploads import Incoming
from schemas.base import Read
from schemas.calls import BANK_CALL, load_bank_call
from schemas.offers import COUNTER_OFFER

CALL_OUTCOMES = GROUPS["call_outcome"]


def _call_page(negotiation_id: str, oral: str) -> FormPage:
    kind = kind_of(oral)
    address = f"{negotiation_address(negotiation_id)}/calls"
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/call.html",
        title=translate("登记通话"),
        more={
            "oral": bool(oral),
            "kind": kind,
            "kinds": kind_links(kind, address, "oral"),
            "taken": FIELDS_BY_KIND[kind].taken if oral else frozenset(),
        },
    )


@pages.route("/negotiations/<id:negotiation_id>/calls")
@for_bank(*ACTING)
def ask_call(negotiation_id: str) -> Response:
    """Asks what was said; with `oral` also for the terms that were agreed on."""
    person, oral = current_staff(), request.args.get("oral", "")
    with face().hub.reading(person.actor) as tx:
        before = left_at(tx, request.path)
        if before is not None and "oral" not in request.args:
            return _call_page(negotiation_id, before.value("terms.kind")).within(tx, before)
        form = _call_page(negotiation_id, oral)
        if not oral:
            return form.within(tx, FormState())
        start = offer_start(tx, negotiation_id, kind=kind_of(oral), bank_code=person.bank)
        return form.within(tx, filled({"terms": start.terms}))


@pages.route("/negotiations/<id:negotiation_id>/calls", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def log_call(negotiation_id: str) -> Response:
    """The call is in the log; with terms, an oral offer is open that only the person's code can accept."""
    person = current_staff()
    _, files = uploads.form() if uploads.is_form() else ({}, {})
    file = files.get("recording")
    incoming = uploads.file_of_form(file) if file is not None and file.filename else None
    oral = request.form.get("terms.kind", "")
    form = _call_page(negotiation_id, oral)
    state, read = _read(bool(oral), incoming)
    stored: StoredEvidence | None = None
    if state.sound and incoming is not None and request.form.get("step") != "preview":
        state, stored = _received(person, incoming, state)
    with discarded_unless_kept(face().hub.store, stored) as keeping:

        def log(tx: HubTransaction, recording: StoredEvidence | None) -> OfferView | None:
            record = read.value_or_refuse()
            _, offer = oral_agreements.log_call(tx, negotiation_id, record, recording=recording, bank_code=person.bank)
            return None if offer is None else get_offer(tx, negotiation_id, offer.id, bank_code=person.bank)

        def effect(tx: HubTransaction) -> str:
            made = log(tx, stored)
            if made is not None:
                require_asked_again(made)
            keeping.kept = stored is not None
            return negotiation_address(negotiation_id, "call" if made is None else "oral")

        is_preview = bool(oral) and request.form.get("step") == "preview"
        return carry_out(
            state, effect=effect, look=lambda tx: log(tx, None), form=form, preview=form if is_preview else None
        )


def _read(oral: bool, incoming: Incoming | None) -> tuple[FormState, Read[CallRecord]]:
    """What was typed with all that is wrong with it, and the record of the call."""
    state = read_form(request.form, BANK_CALL)
    data: dict[str, Any] = {name: value for name, value in state.data.items() if name != "terms"}
    faults = list(state.faults)
    if oral:
        terms = read_form(request.form, COUNTER_OFFER)
        faults += terms.faults
        data["terms"] = terms.data["terms"]
    is_announced = request.form.get("told") == "1"
    read = load_bank_call(data, has_recording=incoming is not None, today=face().today)
    found = list(read.faults)
    if incoming is not None:
        found += [Fault("/recording", each.code, each.params) for each in uploads.name_faults(incoming)]
    if oral and not is_announced:
        found.append(Fault("/told", "oral_needs_told"))
    elif (incoming is not None or data.get("recording_reference")) and not is_announced:
        found.append(Fault("/told", "required"))
    outcome = request.form.get("outcome", "")
    if outcome and outcome not in CALL_OUTCOMES:
        found.append(Fault("/outcome", "required"))
    state = FormState(values=state.values, faults=tuple(faults), data=data).with_faults(found)
    if read.value is not None and is_announced:
        read = Read(replace(read.value, text=f"{read.value.text}\n{CALL_TOLD_ZH}"), [])
    if read.value is not None and outcome in CALL_OUTCOMES:
        read = Read(replace(read.value, text=f"{CALL_OUTCOME_ZH}{CALL_OUTCOMES[outcome]}。\n{read.value.text}"), [])
    return state, read


def _received(person: Staff, incoming: Incoming, state: FormState) -> tuple[FormState, StoredEvidence | None]:
    """The recording lies in the store; or the form, with what is wrong with the file."""
    hub = face().hub
    with hub.writing(person.actor) as tx:
        client_id = clients.portal_client_id(tx)
    upload = uploads.upload_of(incoming, client_id=client_id, kind=RECORDING)
    try:
        return state, receive_recording(hub.store, upload, incoming.read)
    except (InvalidValue, UnsupportedType) as error:
        return state.with_faults([Fault("/recording", error.code)]), None
    except TooLarge:
        return state.with_faults(
            [replace(too_large(request.files["recording"], incoming.file_name), pointer="/recording")]
        ), None
