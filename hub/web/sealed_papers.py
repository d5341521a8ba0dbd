"""Papers that are printed while somebody waits: sealed with the hub's key, and kept nowhere."""

from collections.abc import Callable

from flask import Response

from hub.documents.paper_seal import PaperSeal
from hub.domain.errors import DocumentNotReady, Unusable
from hub.web.access import face
from hub.web.downloads import save


def sealed(page_of: Callable[[PaperSeal | None], str]) -> bytes:
    """The paper, printed for this moment and sealed with the hub's key; raises `Unusable` where nothing can print."""
    hub = face().hub
    signer = hub.sealing.signer
    pdf = hub.print_pdf(page_of(None if signer is None else signer.seal))
    return pdf if signer is None else signer.sign(pdf, stamped=False)


def save_sealed(page_of: Callable[[PaperSeal | None], str], name_zh: str) -> Response:
    """The paper, to be saved under that name; raises `DocumentNotReady` where nothing can print."""
    try:
        pdf = sealed(page_of)
    except Unusable as error:
        raise DocumentNotReady from error
    return save(pdf, f"{name_zh}.pdf", "application/pdf")
