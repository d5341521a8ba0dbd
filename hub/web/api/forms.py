"""What routes with a form share: its text fields beside at most one file, or the same fields as JSON without one."""

from collections.abc import Mapping
from typing import Any

from flask import request

from hub.domain.application import EvidenceReference
from hub.domain.errors import Fault
from hub.domain.evidence import EvidenceKind
from hub.domain.plain import Plain
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import StoredEvidence
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web import uploads
from hub.web.access import ApiCaller, refuse
from hub.web.bodies import single_values
from hub.web.pagination import Cursors, limit_of
from hub.web.uploads import Incoming


def fields_and_file(caller: ApiCaller, file_name: str) -> tuple[object, Incoming | None]:
    """The fields of the body, and its file where one came under `file_name`; raises `Refused` for another one."""
    single_values(request.args, ())
    if request.mimetype == "application/x-www-form-urlencoded":
        # How many a client sends a form that has no file in it.
        return dict(uploads.fields_alone()), None
    if not uploads.is_form():
        return caller.body.value(), None
    texts, files = uploads.form()
    refuse(Fault(f"/{name}", "unknown_field") for name in sorted({*files} - {file_name}))
    # A file field that was left empty is sent as a part without a name.
    file = files.get(file_name)
    return dict(texts), None if file is None or not file.filename else uploads.file_of_form(file)


def parts_of(fields: object, stored: StoredEvidence | None) -> list[bytes]:
    """What tells one such call from another."""
    parts: list[str] = []
    if isinstance(fields, Mapping):
        parts = [f"{name}={fields[name]}" for name in sorted(fields, key=str)]
    if stored is not None:
        parts += [stored.sha256, stored.file_name]
    return [part.encode("utf-8", "surrogatepass") for part in parts]


def kept_file(tx: HubTransaction, stored: StoredEvidence | None) -> EvidenceReference | None:
    """The file with its row, as what a record of a call names; None where none came."""
    if stored is None:
        return None
    view = evidence_files.keep(tx, stored)
    return EvidenceReference(id=view["id"], kind=EvidenceKind.OTHER)


def log_page(tx: HubTransaction, negotiation_id: str, given: Mapping[str, str], places: Cursors) -> Plain:
    """One page of the log, oldest first. The caller has seen that the negotiation is its own."""
    limit = limit_of(given.get("limit"))
    after: Any = places.read(given["cursor"])[0] if "cursor" in given else 0
    entries = views.list_log(tx, negotiation_id, after=int(after), limit=limit + 1)
    shown = entries[:limit]
    more = len(entries) > limit
    return {
        "items": shown,
        "next_cursor": places.make([shown[-1]["sequence"]]) if more else None,
    }
