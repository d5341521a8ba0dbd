"""What the page says after a deed: the word stands in the address that the deed led to."""

from flask import request

from hub.web.pages.rendering import t

SENT_AGAIN = "sent-again"
GONE = "gone"


def done_notice() -> str:
    """The sentence of the deed that led here; empty where none did."""
    match request.args.get("done"):
        case "sent-again":
            return t("已安排，稍后会再试。")
        case "gone":
            return t("这一条已经不在列表里，可能有人先处理了。")
        case "imported":
            return t("放假安排已生效。")
    return ""
