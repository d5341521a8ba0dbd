"""What the page says after a deed: the word stands in the address that the deed led to."""

from typing import Final

from flask import request

from hub.web.catalogue import marked
from hub.web.pages.translation import translate

SENT_AGAIN: Final = "sent-again"
GONE: Final = "gone"
DONE: Final = "done"
IMPORTED: Final = "imported"

_SENTENCES = {
    SENT_AGAIN: marked("已安排，稍后会再试。"),
    DONE: marked("已处理。"),
    GONE: marked("这一条已经不在列表里，可能有人先处理了。"),
    IMPORTED: marked("放假安排已生效。"),
}


def done_notice() -> str:
    """The sentence of the deed that led here; empty where none did."""
    sentence = _SENTENCES.get(request.args.get("done", ""))
    return "" if sentence is None else translate(sentence)
