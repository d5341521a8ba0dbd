"""A complaint as it is printed to be sent: the letter on the first page, the whole record behind it."""

from dataclasses import dataclass

from hub.documents.record_paper import RecordPaper
from hub.documents.typesetting import content_digest, html_from


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintLetter:
    """The letter, a paragraph a line, and the record that it names."""

    text_zh: str
    record: RecordPaper


def html_of(letter: ComplaintLetter) -> str:
    """The letter with the record as HTML, ready to print; the same value gives the same text."""
    return html_from("complaint.html", letter=letter, paper=letter.record, digest=content_digest(letter))
