"""The note of a visit as a file, printed for the moment in which it is asked for."""

from flask import Response

from hub.documents.visit_note import VisitNote, html_of
from hub.domain.errors import DocumentNotReady, Unusable
from hub.web.access import face
from hub.web.downloads import save
from hub.web.limits import PAPERS_A_PERSON


def visit_note_file(note: VisitNote, *, of: str) -> Response:
    """The paper to save; `of` names who asks, since each print costs."""
    face().limits.count((PAPERS_A_PERSON, (of,)))
    try:
        pdf = face().hub.print_pdf(html_of(note))
    except Unusable as error:
        raise DocumentNotReady from error
    return save(pdf, "见面记录.pdf", "application/pdf")
