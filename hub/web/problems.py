"""Errors as answers: one table from the class of an error to a status and a code, in RFC 9457's form for programs.

Sentences come from `sentences`; the text of an error never leaves the process.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from hub.domain import errors
from hub.domain.china import china_day
from hub.domain.errors import Fault, HubError
from hub.domain.lifecycle import Status
from hub.domain.plain import instant
from hub.web import logs
from hub.web.headers import is_api
from hub.web.language import language
from hub.web.sentences import Locale, detail, sentence, title

ANSWERS: Mapping[type[HubError], tuple[int, str]] = {
    errors.InvalidValue: (422, "invalid_input"),
    errors.Refused: (422, "invalid_input"),
    errors.Malformed: (400, "malformed"),
    errors.NotFound: (404, "not_found"),
    errors.BillNotYours: (404, "bill_not_yours"),
    errors.NegotiationErased: (410, "negotiation_erased"),
    errors.NotAuthenticated: (401, "not_authenticated"),
    errors.NotAllowed: (403, "not_allowed"),
    errors.StatusConflict: (409, "status_conflict"),
    errors.NegotiationAlreadyOpen: (409, "negotiation_already_open"),
    errors.NegotiationOpen: (409, "negotiation_open"),
    errors.NotHandedOn: (410, "consent_withdrawn"),
    errors.DealUnknown: (404, "deal_unknown"),
    errors.DealRefused: (409, "deal_refused"),
    errors.ServiceNotOffered: (409, "service_not_offered"),
    errors.SlotTaken: (409, "slot_taken"),
    errors.IdentityUnconfirmed: (409, "identity_unconfirmed"),
    errors.RenegotiationsExhausted: (409, "renegotiations_exhausted"),
    errors.CounterOffersExhausted: (409, "counter_offers_exhausted"),
    errors.OfferNotOpen: (409, "offer_not_open"),
    errors.AgreementConflict: (409, "agreement_conflict"),
    errors.CallRefused: (401, "call_refused"),
    errors.EventIdReused: (409, "event_id_reused"),
    errors.AlreadyOverdue: (409, "already_overdue"),
    errors.NewCreditPromised: (409, "new_credit_promised"),
    errors.PartnerNotLicensed: (422, "partner_not_licensed"),
    errors.EvidenceAttached: (409, "evidence_attached"),
    errors.IdempotencyKeyBusy: (409, "idempotency_key_busy"),
    errors.DocumentNotReady: (409, "document_not_ready"),
    errors.IdempotencyKeyReused: (422, "idempotency_key_reused"),
    errors.TooLarge: (413, "too_large"),
    errors.UnsupportedType: (415, "unsupported_type"),
    errors.TooManyTries: (429, "too_many_tries"),
    errors.ConfirmationStopped: (429, "confirmation_stopped"),
    errors.ConfirmationPaused: (429, "confirmation_paused"),
    errors.StoreFull: (507, "store_full"),
    errors.Unavailable: (503, "unavailable"),
    # A text message that could not be handed over; banks are never spoken to while a request waits.
    errors.DeliveryError: (503, "unavailable"),
    errors.EvidenceErased: (410, "evidence_erased"),
    errors.EvidenceDamaged: (500, "evidence_damaged"),
}
"""Status and code of every error that a face answers; all others are errors of ours."""

_HTTP_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    411: "length_required",
    413: "too_large",
    415: "unsupported_type",
    429: "too_many_tries",
    503: "unavailable",
}
KEY_LIMIT = 64
# Of several alike at one place, a program is told which is meant.
_WHICH = {"consent_missing": ("purpose",), "consent_missing_for_bank": ("purpose", "bank_code")}
_RETRY_AFTER_S = {"unavailable": 2, "idempotency_key_busy": 1, "document_not_ready": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, ready to be told: `kind` names its title, `code` is for programs, `detail_code` its sentence."""

    status: int
    kind: str
    code: str
    detail_code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def plain(self, locale: Locale) -> dict[str, Any]:
        """The problem as RFC 9457 has it, in words of that language."""
        document = {
            "type": "about:blank",
            "title": title(self.kind, locale),
            "status": self.status,
            "detail": detail(self.detail_code, self.params, locale),
            "code": self.code,
            **self.members,
        }
        if self.faults:
            document["errors"] = list(plain_faults(self.faults, locale))
        return document


def plain_faults(faults: Iterable[Fault], locale: Locale) -> Iterable[dict[str, str]]:
    """Each fault with its place, its code, and a sentence that says what to do."""
    for fault in faults:
        yield {
            "pointer": fault.pointer,
            "code": fault.code,
            "message": sentence(fault.code, fault.params, locale),
            **{name: str(fault.params[name]) for name in _WHICH.get(fault.code, ())},
        }


def problem_of(error: HubError) -> Problem | None:
    """The problem that `error` is to its caller, or None where it is an error of ours."""
    known = next((ANSWERS[each] for each in type(error).__mro__ if each in ANSWERS), None)
    if known is None:
        return None
    status, kind = known
    code = _code(error) or kind
    params, members = _params_and_members(error)
    return Problem(
        status=status,
        # A missing idempotency key is a kind of problem by itself.
        kind=code if code.startswith("idempotency_key") else kind,
        code=code,
        detail_code=_detail_code(error) or code,
        params=params,
        members=members,
        faults=_faults(error),
        headers=_headers(error, kind),
    )


_WITH_A_CODE = (
    errors.Malformed,
    errors.UnsupportedType,
    errors.CallRefused,
    errors.AgreementConflict,
    errors.DealRefused,
)


def _code(error: HubError) -> str | None:
    return error.code if isinstance(error, _WITH_A_CODE) else None


def _detail_code(error: HubError) -> str | None:
    if isinstance(error, errors.NegotiationAlreadyOpen) and error.reference is not None:
        return "negotiation_already_open_here"
    if isinstance(error, errors.RenegotiationsExhausted | errors.AgreementConflict):
        return error.sentence
    if isinstance(error, errors.NotAllowed) and error.scope in ("own_offer", "another_person", "another_role"):
        return error.scope
    return None


def _faults(error: HubError) -> tuple[Fault, ...]:
    if isinstance(error, errors.InvalidValue):
        return (error.at(""),)
    return error.faults if isinstance(error, errors.Refused) else ()


def _headers(error: HubError, kind: str) -> dict[str, str]:
    if isinstance(error, errors.NotAuthenticated):
        return {"WWW-Authenticate": 'Bearer realm="hub"'}
    wait = error.retry_after_s if isinstance(error, errors.TooManyTries) else _RETRY_AFTER_S.get(kind)
    return {} if wait is None else {"Retry-After": str(wait)}


# The numbers that the sentence needs, and the members that a program can read.
_Told = tuple[Mapping[str, str | int], Mapping[str, Any]]


def _params_and_members(error: HubError) -> _Told:
    told: _Told = ({}, {})
    match error:
        case errors.Conflict():
            told = _of_conflict(error)
        case errors.NegotiationErased():
            told = _of_erased(error)
        case errors.NotAllowed():
            told = {"scope": error.scope}, {"scope": error.scope}
        case errors.TooLarge():
            told = {"limit": error.limit}, {"limit": error.limit}
        case errors.TooManyTries():
            told = {"minutes": math.ceil(error.retry_after_s / 60)}, {}
        case errors.Malformed():
            told = {"limit": KEY_LIMIT}, {}
        case errors.UnsupportedType():
            told = {"expected": "application/json"}, {}
    return told


def _of_conflict(error: errors.Conflict) -> _Told:
    told: _Told = ({}, {})
    match error:
        case errors.StatusConflict():
            # Messages are open while an agreement is in force: where none is taken then, the agreement has ended.
            is_over = error.status == Status.AGREED and error.event == "message"
            shown = "ended" if is_over else error.status
            told = {"status": shown}, {"status_now": error.status, "event": error.event}
        case errors.OfferNotOpen():
            members = {"status_now": error.negotiation_status, "offer_status": error.offer_status}
            told = {"status": error.offer_status}, members
        case errors.AgreementConflict():
            told = error.params, {"status_now": error.status, **error.params}
        case errors.CounterOffersExhausted():
            told = {"limit": error.limit}, {"limit": error.limit}
        case errors.RenegotiationsExhausted():
            told = error.params, {"bank_code": error.bank_code, "limit": error.params["limit"]}
        case errors.NegotiationAlreadyOpen():
            told = _of_already_open(error)
        case errors.NegotiationOpen():
            told = {"references": "、".join(error.references)}, {"references": list(error.references)}
        case errors.DealRefused() | errors.AlreadyOverdue():
            told = {}, {"link": error.link} if error.link else {}
    return told


def _of_already_open(error: errors.NegotiationAlreadyOpen) -> _Told:
    members = {"bank_code": error.bank_code}
    if error.reference is None:
        return {}, members
    # Only the client that made the first one is told which it is.
    known = {"negotiation": error.negotiation, "reference": error.reference}
    return {"reference": error.reference}, {**members, **known}


def _of_erased(error: errors.NegotiationErased) -> _Told:
    known = {"reference": error.reference, "status_now": error.status, "erased_at": instant(error.erased_at)}
    day = china_day(error.erased_at).isoformat()
    return {"reference": error.reference, "status": error.status, "day": day}, known


def http_problem_of(error: HTTPException) -> Problem:
    """The problem that an error of Flask's own is."""
    status = error.code or 500
    code = _HTTP_CODES.get(status, "malformed" if status < 500 else "server_error")
    headers = {}
    allowed = getattr(error, "valid_methods", None)
    if status == 405 and allowed:
        headers["Allow"] = ", ".join(sorted(allowed))
    reference = {"reference": g.get("request_id", "")}
    if code == "server_error":
        return Problem(status=status, kind=code, code=code, detail_code=code, params=reference, members=reference)
    return Problem(status=status, kind=code, code=code, detail_code=code, headers=headers, params={"limit": 10 * 2**20})


def response_of(problem: Problem) -> Response:
    """The problem as an answer to a program."""
    body = json.dumps(problem.plain(language()), ensure_ascii=False)
    return Response(body, status=problem.status, headers=dict(problem.headers), content_type="application/problem+json")


def install(app: Flask, *, page: Callable[[Problem], Response] | None = None) -> None:
    """Every error is answered: to programs in JSON, to people by `page`. Unknown ones come out in tests."""

    def answered(problem: Problem) -> Response:
        if page is None or is_api(request.path):
            return response_of(problem)
        return page(problem)

    @app.errorhandler(HubError)
    def of_the_hub(error: HubError) -> Response:
        problem = problem_of(error)
        if problem is None:
            raise error
        if problem.status >= 500:
            logs.failure(error)
        return answered(problem)

    @app.errorhandler(HTTPException)
    def of_the_web(error: HTTPException) -> Response:
        return answered(http_problem_of(error))
