"""The whole record of a negotiation to be read, its files opened again, and all that can be kept of it."""

from dataclasses import dataclass

from flask import Blueprint, Response

from hub.domain.errors import DocumentNotReady
from hub.domain.plain import Plain
from hub.services.documents import record_paper
from hub.services.documents.records import AGREEMENT, APPLICATION_FORM, CLEARANCE, DEFAULT_NOTICE, RECORD
from hub.services.negotiations.entries import CLEAN_COPY, VIEWING_PAGES
from hub.services.reading.cardholder import documents, negotiations
from hub.services.reading.cardholder.files import RecordFile, files_in_record
from hub.services.reading.log_parts import parts_of
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.downloads import download
from hub.web.pages.my.negotiation_page import address_of, own, own_page, reading_own
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("record", __name__, url_prefix="/negotiations/<id:negotiation_id>")

# What entries commit to beside the files themselves, under the files' ids.
_OF_COPIES = frozenset({CLEAN_COPY, VIEWING_PAGES})
_PAPER_NAMES = {
    APPLICATION_FORM: marked("申请表"),
    AGREEMENT: marked("还款协议"),
    DEFAULT_NOTICE: marked("终止通知书"),
    CLEARANCE: marked("结清证明"),
    RECORD: marked("全部往来记录"),
}
_PAPER_HOLDS = {
    APPLICATION_FORM: marked("您交给银行的申请，印好的样子。"),
    AGREEMENT: marked("双方签署的全部内容和还款计划。"),
    DEFAULT_NOTICE: marked("银行终止协议的通知和理由。"),
    CLEARANCE: marked("欠款已经还清的证明。"),
    RECORD: marked("留言、通话、决定、方案、还款和文件，按时间排好，可以打印，也可以交给别人看。"),
}
_PAPER_ADDRESSES = {
    APPLICATION_FORM: "/application-form.pdf",
    AGREEMENT: "/agreement.pdf",
    DEFAULT_NOTICE: "/default-notice.pdf",
    CLEARANCE: "/clearance.pdf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper that can be downloaded: what it is called and holds, where it is, its size; None while it is printed."""

    name: str
    holds: str
    address: str
    size: int | None


@blueprint.route("/record")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """Everything that was said and done, oldest first, with the files that came with it."""
    with reading_own(negotiation_id) as (tx, negotiation):
        entries = negotiations.log_of(tx, negotiation)
        files = files_in_record(tx, current_cardholder(), negotiation_id)
        kept = documents.kept(tx, current_cardholder(), negotiation_id)
    return own_page(
        "my/record.html",
        negotiation,
        title=translate("全部往来记录"),
        log=parts_of(entries),
        files_of=lambda entry: _files_of(entry, files),
        count=len(entries),
        printed=next((each for each in kept if each.kind == RECORD), None),
    )


def _files_of(entry: Plain, files: dict[str, RecordFile]) -> list[RecordFile]:
    return [
        files[each["id"]] for each in entry["attachments"] if each["id"] in files and each["kind"] not in _OF_COPIES
    ]


@blueprint.route("/record.pdf")
@for_cardholders
def paper(negotiation_id: str) -> Response:
    """The record as a PDF, up to what was said last."""
    own(negotiation_id)
    person, hub = current_cardholder(), face().hub
    if not record_paper.print_record(hub, hub.print_pdf, hub.store, negotiation_id):
        raise DocumentNotReady
    with hub.writing(person.actor) as tx:
        content = documents.document(tx, hub.store, person, negotiation_id, RECORD)
    return download(content)


@blueprint.route("/downloads")
@for_cardholders
def downloads(negotiation_id: str) -> Response:
    """All that can be kept: each with its size and what it holds."""
    with reading_own(negotiation_id) as (tx, negotiation):
        kept = documents.kept(tx, current_cardholder(), negotiation_id)
        files = files_in_record(tx, current_cardholder(), negotiation_id)
    here = address_of(negotiation_id)
    return own_page(
        "my/downloads.html",
        negotiation,
        title=translate("下载和保存"),
        papers=[
            PaperLine(
                name=translate(_PAPER_NAMES[each.kind]),
                holds=translate(_PAPER_HOLDS[each.kind]),
                address=here + _PAPER_ADDRESSES[each.kind],
                size=each.size,
            )
            for each in kept
            if each.kind in _PAPER_ADDRESSES
        ],
        printed=next((each for each in kept if each.kind == RECORD), None),
        # Pictures and papers hardly become smaller in it.
        zip_size=sum(each.size for each in files.values()) + sum(each.size or 0 for each in kept),
        page_address=f"{face().hub.settings.public_url}{here}/downloads",
    )
