"""`/portal/staff`: the people and teams of a bank, looked after by its administrators."""

from collections.abc import Callable
from typing import Final

from flask import Response, request

from hub.domain.errors import Fault, InvalidValue, Malformed, Refused
from hub.domain.staff import ACTING, BANK_ROLES, Role
from hub.services.accounts import bank_staff, staff, teams
from hub.services.appointments import slots
from hub.services.reading import accounts
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.field_names import FormFields
from hub.web.pages.formats import own_words
from hub.web.pages.forms import FormState, typed_values
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank, now_for_sessions

_HERE: Final = "/portal/staff"
_FIELDS: Final = FormFields(
    {"email": marked("邮箱"), "name": marked("姓名"), "role": marked("角色"), "team": marked("小组")},
    chosen=frozenset({"role", "team"}),
)
_ACTS: Final = frozenset(ACTING)
_SEES: Final = frozenset(BANK_ROLES)
# What each role may do, as the pages decide it; a test holds the two against each other.
RIGHTS: Final[tuple[tuple[str, frozenset[Role]], ...]] = (
    (marked("查看本行的全部申请、材料和沟通记录"), _SEES),
    (marked("受理、提出方案、联系客户"), _ACTS),
    (marked("复核同事的方案"), frozenset({Role.SUPERVISOR, Role.BANK_ADMIN})),
    (marked("查看工作日历"), _SEES),
    (marked("管理人员与小组、修改本行设置"), frozenset({Role.BANK_ADMIN})),
)
_DONE: Final = {
    "added": marked("账号已添加。开通的链接已发到这位同事的邮箱，72 小时内有效。"),
    "named": marked("姓名已修改。"),
    "role": marked("角色已修改，这位同事需要重新登录。"),
    "placed": marked("小组已修改。"),
    "renewed": marked("原来的密码和验证器已作废。新的链接已发到这位同事的邮箱，72 小时内有效。"),
    "removed": marked("这位同事已离开，经办的申请已变为未分派。"),
    "team_added": marked("小组已添加。"),
    "team_named": marked("小组名称已修改。"),
    "team_removed": marked("小组已删除，组员现在不属于任何小组。"),
}
Change = Callable[[HubTransaction], None]


@pages.route("/staff")
@for_bank(Role.BANK_ADMIN)
def people() -> Response:
    """The bank's people, those who left too, its teams, and what each role may do."""
    return _people_page(FormState(fields=_FIELDS))


def _people_page(state: FormState, status: int = 200) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = accounts.list_of_bank(tx, person.bank)
        of_bank = teams.list_of_bank(tx, person.bank)
    return page(
        "portal/staff.html",
        title=translate("人员与小组"),
        status=status,
        state=state,
        accounts=found,
        teams=of_bank,
        roles=_roles(),
        rights=RIGHTS,
        done=_done(),
    )


def _roles() -> list[tuple[str, str]]:
    return [(str(role), word("role", role)) for role in BANK_ROLES]


def _done() -> str:
    words = _DONE.get(request.args.get("done", ""))
    return "" if words is None else translate(words)


@pages.route("/staff", methods=["POST"])
@for_bank(Role.BANK_ADMIN)
def add() -> Response:
    """The person has an account, and the way to enrol goes to their address alone."""
    require_fresh_sign_in()
    admin, form = current_staff(), request.form

    def do(tx: HubTransaction) -> None:
        bank_staff.add(
            tx,
            bank_code=admin.bank,
            email=form.get("email", ""),
            name=form.get("name", ""),
            role=form.get("role", ""),
            at=now_for_sessions(),
        )

    return _changed(do, f"{_HERE}?done=added", _people_page)


def _changed(do: Change, address: str, form: Callable[[FormState, int], Response]) -> Response:
    def effect(tx: HubTransaction) -> str:
        do(tx)
        return address

    try:
        return do_once(current_staff(), effect)
    except Refused as error:
        return form(FormState(values=typed_values(request.form), faults=error.faults, fields=_FIELDS), 422)


@pages.route("/staff/teams", methods=["POST"])
@for_bank(Role.BANK_ADMIN)
def change_teams() -> Response:
    """A team is there, has another name, or is gone."""
    bank_code, form = current_staff().bank, request.form
    doing, name, team_id = form.get("do", "add"), form.get("team", ""), form.get("id", "")
    deeds: dict[str, tuple[str, Change]] = {
        "add": ("team_added", lambda tx: _team(lambda: teams.add(tx, name, bank_code=bank_code))),
        "name": ("team_named", lambda tx: _team(lambda: teams.rename(tx, team_id, name, bank_code=bank_code))),
        "remove": ("team_removed", lambda tx: teams.remove(tx, team_id, bank_code=bank_code)),
    }
    if doing not in deeds:
        raise Malformed("form_syntax")
    done, do = deeds[doing]
    return _changed(do, f"{_HERE}?done={done}", _people_page)


def _team(change: Callable[[], object]) -> None:
    try:
        change()
    except InvalidValue as error:
        raise Refused(error.at("/team")) from None


@pages.route("/staff/<id:staff_id>")
@for_bank(Role.BANK_ADMIN)
def colleague(staff_id: str) -> Response:
    """One person: name, role, team, the way in, and leaving."""
    return _colleague_page(staff_id, FormState(fields=_FIELDS))


def _colleague_page(staff_id: str, state: FormState, status: int = 200) -> Response:
    admin = current_staff()
    with face().hub.reading(admin.actor) as tx:
        person = staff.get_of_bank(tx, staff_id, bank_code=admin.bank)
        [account] = [each for each in accounts.list_of_bank(tx, admin.bank) if each.id == person.id]
        of_bank = teams.list_of_bank(tx, admin.bank)
        # An account has no number of a badge, so that the name alone tells who it may be.
        visitors = [
            each for each in slots.visitors_of(tx, admin.bank) if each["active"] and each["name"] == account.name
        ]
    return page(
        "portal/colleague.html",
        title=own_words(account.name or account.email),
        status=status,
        state=state,
        account=account,
        is_self=person.id == admin.id,
        visitors=visitors,
        team_id=person.team_id or "",
        teams=[("", translate("未分组")), *((each.id, each.name) for each in of_bank)],
        roles=_roles(),
        done=_done(),
        back=_HERE,
    )


@pages.route("/staff/<id:staff_id>", methods=["POST"])
@for_bank(Role.BANK_ADMIN)
def change_colleague(staff_id: str) -> Response:
    """What the button says is so of the person from now on."""
    admin, form, at = current_staff(), request.form, now_for_sessions()
    bank_code, doing = admin.bank, request.form.get("do", "")
    deeds: dict[str, tuple[str, Change]] = {
        "name": ("named", lambda tx: bank_staff.rename(tx, staff_id, form.get("name", ""), bank_code=bank_code)),
        "role": (
            "role",
            lambda tx: bank_staff.change_role(tx, staff_id, form.get("role", ""), bank_code=bank_code, by=admin),
        ),
        "team": ("placed", lambda tx: _placed(tx, staff_id, form.get("team") or None, bank_code)),
        "renew": ("renewed", lambda tx: bank_staff.renew(tx, staff_id, bank_code=bank_code, by=admin, at=at)),
        "remove": ("removed", lambda tx: bank_staff.remove(tx, staff_id, bank_code=bank_code, by=admin)),
    }
    if doing not in deeds:
        raise Malformed("form_syntax")
    if doing in ("role", "renew", "remove"):
        require_fresh_sign_in()
    done, do = deeds[doing]
    return _changed(
        do, f"{_HERE}/{staff_id}?done={done}", lambda state, status: _colleague_page(staff_id, state, status)
    )


def _placed(tx: HubTransaction, staff_id: str, team_id: str | None, bank_code: str) -> None:
    known = {each.id for each in teams.list_of_bank(tx, bank_code)}
    if team_id is not None and team_id not in known:
        raise Refused(Fault("/team", "team_unknown"))
    teams.place(tx, staff_id, team_id, bank_code=bank_code)
