"""`/ops/mails`: mails that were refused for good, and sending them again."""

from dataclasses import replace

from flask import Blueprint, Response, request

from hub.services.operating import resending
from hub.services.reading.operator import MOST_SHOWN
from hub.services.reading.operator.mails import failed_mails
from hub.web.access import face
from hub.web.pages.ops.results import SENT_AGAIN, act, done_notice
from hub.web.pages.ops.wording import bank_names, reason_of
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("mails", __name__)


@pages.route("/mails")
@for_operators
def listed() -> Response:
    """The mails, by the reference of what they are about; never an address."""
    with face().hub.reading(current_staff().actor) as tx:
        failed, names = failed_mails(tx), bank_names(tx)
    return page(
        "ops/mails.html",
        title=translate("没有发出的邮件"),
        mails=[replace(each, detail=reason_of(each.detail)) for each in failed],
        bank_names=names,
        most=MOST_SHOWN,
        done=done_notice(),
    )


@pages.route("/mails/send-again", methods=["POST"])
@for_operators
def send_again() -> Response:
    """The mail waits to be sent, to the address that its reader has now."""
    mail_id = request.form.get("id", "")
    return act("/ops/mails", lambda tx: resending.send_mail_again(tx, mail_id), done=SENT_AGAIN)
