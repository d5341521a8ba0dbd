"""`/ops/retention`: for how long negotiations are kept, how many are due, and which are held; counts and references."""

from flask import Blueprint, Response

from hub.domain.retention import DataClass
from hub.services.erasure import holds
from hub.services.erasure import retention as retaining
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("retention", __name__)

_NAMES = {
    DataClass.FILES: marked("没有谈成的：材料"),
    DataClass.APPLICATION: marked("没有谈成的：其余全部"),
    DataClass.AGREEMENT_FILES: marked("有协议的：材料"),
    DataClass.AGREEMENT: marked("有协议的：其余全部"),
}


@pages.route("/retention")
@for_operators
def show() -> Response:
    """What is kept until when, and the holds that stand."""
    hub = face().hub
    with hub.reading(current_staff().actor) as tx:
        due = {each.data_class: each for each in retaining.overview(tx, hub.settings.retention)}
        standing = holds.list_holds(tx)
    return page(
        "ops/retention.html",
        title=translate("保存与删除"),
        due=[(translate(name), due[each]) for each, name in _NAMES.items()],
        holds=standing,
    )
