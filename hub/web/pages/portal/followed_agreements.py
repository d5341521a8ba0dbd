"""`/portal/agreements`: the bank's agreements over all cases, by what has to be looked after."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from hub.domain.agreement_end import EndReason
from hub.domain.payment_standing import Following
from hub.services.reading.bank.followed_agreements import FollowedAgreement, counts, list_followed
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import counted
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from hub.web.pagination import Cursors, page_of

TABS: Final[Mapping[Following, str]] = {
    Following.IN_FORCE: marked("履行中"),
    Following.THIS_WEEK: marked("7 天内应还"),
    Following.GRACE: marked("到期未登记"),
    Following.PART_PAID: marked("部分已还"),
    Following.MISSED: marked("未到账"),
    Following.CERTIFICATES: marked("待出结清证明"),
    Following.ENDED: marked("已结束"),
}
# What asks for somebody's eye.
_PRESSING: Final[Mapping[Following, str]] = {
    Following.GRACE: "warn",
    Following.MISSED: "bad",
    Following.CERTIFICATES: "warn",
}
_ADDRESS: Final = "/portal/agreements"
_PAGE_LENGTH: Final = "30"


@pages.route("/agreements")
@for_bank()
def followed_agreements() -> Response:
    """A page of the agreements of one tab, the next payment first."""
    person, hub = current_staff(), face().hub
    tab, ended_for = asked_for(request.args)
    cursors = Cursors(keyring=hub.keyring, of=f"agreements/{person.id}/{tab}/{ended_for or ''}")
    given = {"limit": _PAGE_LENGTH} | {key: request.args[key] for key in ("limit", "cursor") if request.args.get(key)}
    with hub.reading(person.actor) as tx:
        found = list_followed(tx, person.bank, tab, ended_for=ended_for, page=page_of(given, cursors))
        numbers = counts(tx, person.bank)
    at = found.next_place
    return page(
        "portal/agreements.html",
        title=translate("履约跟踪"),
        tabs=[(each, translate(name), counted(numbers[each]), _PRESSING.get(each, "")) for each, name in TABS.items()],
        tab=tab,
        rows=found.rows,
        plan_name=_plan_name,
        ended_for=ended_for,
        reasons=[(each, word("end", each)) for each in EndReason],
        next="" if at is None else _address(cursor=cursors.make([at[0].isoformat(), at[1]])),
        first=_address(cursor="") if "cursor" in given else "",
    )


def asked_for(given: Mapping[str, str]) -> tuple[Following, EndReason | None]:
    """The tab and the reason of the end that an address asks for; what it does not know is left out."""
    tab = given.get("tab", "")
    following = Following(tab) if tab in set(Following) else Following.IN_FORCE
    reason = given.get("ended", "")
    is_known = following is Following.ENDED and reason in set(EndReason)
    return following, EndReason(reason) if is_known else None


def _plan_name(row: FollowedAgreement) -> str:
    """What the agreement is called: a debt that was sued for has no plan of Article 70."""
    return translate(row.legal.title_zh) if row.legal.is_in_court else word("plan", row.kind)


def _address(**changed: str) -> str:
    kept = {name: request.args[name] for name in ("tab", "ended", "limit") if request.args.get(name)}
    query = urlencode({name: value for name, value in {**kept, **changed}.items() if value})
    return f"{_ADDRESS}?{query}" if query else _ADDRESS
