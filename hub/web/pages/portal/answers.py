"""`/portal/dashboard` and `/portal/answers`: answers in time and late, the cases behind each figure, and causes."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from hub.domain import labels
from hub.domain.answers import (
    FEW,
    WEEKS,
    AnswerStage,
    BreachCause,
    CaseAge,
    ExplainedBreach,
)
from hub.domain.application import HardshipReason
from hub.domain.china import day_in_address
from hub.domain.errors import Fault, InvalidValue
from hub.domain.paging import Page
from hub.domain.staff import Role
from hub.services.negotiations import breach_causes
from hub.services.reading.bank import answers
from hub.services.reading.bank.answers import AnswersOf
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.form_actions import send_once
from hub.web.pages.formats import counted, own_words
from hub.web.pages.forms import FormState
from hub.web.pages.portal.answer_charts import week_bars
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from hub.web.pagination import Cursors, page_of

AGES: Final[Mapping[CaseAge, str]] = {
    CaseAge.WEEK: marked("7 天以内"),
    CaseAge.FORTNIGHT: marked("8–14 天"),
    CaseAge.MONTH: marked("15–30 天"),
    CaseAge.TWO_MONTHS: marked("31–60 天"),
    CaseAge.OLDER: marked("60 天以上"),
}
STAGES: Final = labels.ANSWER_STAGES
CAUSES: Final = labels.BREACH_CAUSES
_PAGE_LENGTH: Final = "30"
_MOST_BREACHES: Final = 8
_NO_TEAM: Final = "none"


@pages.route("/dashboard")
@for_bank()
def dashboard() -> Response:
    """Answers over the last weeks in charts with their tables, and late ones that nobody has explained."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = answers.figures(tx, person.bank)
        asked = AnswersOf(late=True, unexplained=True)
        breaches = answers.list_answers(tx, person.bank, asked, page=Page(limit=_MOST_BREACHES))
    return page(
        "portal/dashboard.html",
        title=translate("时效看板"),
        figures=found,
        weeks_back=WEEKS,
        few=FEW,
        counted=counted,
        bars=week_bars(found.weeks),
        by_week=[(each, _week_name(each.name), {"week": each.name}) for each in found.weeks],
        by_team=[(each, each.label or translate("没有小组"), {"team": each.name or _NO_TEAM}) for each in found.teams],
        by_reason=[(each, word("reason", each.name), {"reason": each.name}) for each in found.reasons],
        by_stage=[(each, translate(STAGES[AnswerStage(each.name)]), {"stage": each.name}) for each in found.stages],
        ages=[(age, translate(name), found.ages[age]) for age, name in AGES.items()],
        most_aged=max([*found.ages.values(), 1]),
        breaches=breaches.rows,
        stages=STAGES,
        link=_link,
        may_explain=person.role == Role.SUPERVISOR,
    )


def _week_name(monday: str) -> str:
    first = date.fromisoformat(monday)
    last = first + timedelta(days=6)
    return f"{first:%m-%d} – {last:%m-%d}"


def _link(which: Mapping[str, str], *, late: bool = False) -> str:
    return f"/portal/answers?{urlencode({**which, **({'late': '1'} if late else {})})}"


@pages.route("/answers")
@for_bank()
def answered() -> Response:
    """The cases behind a figure: turns that came out so, or open cases of one age."""
    person, hub = current_staff(), face().hub
    age = request.args.get("age", "")
    asked = asked_for(request.args)
    cursors = Cursors(keyring=hub.keyring, of=f"answers/{person.id}/{urlencode(_kept())}")
    given = {"limit": _PAGE_LENGTH} | {key: request.args[key] for key in ("limit", "cursor") if request.args.get(key)}
    cut = page_of(given, cursors)
    with hub.reading(person.actor) as tx:
        found: Any
        if age in set(CaseAge):
            found = answers.list_aged(tx, person.bank, CaseAge(age), page=cut)
        else:
            found = answers.list_answers(tx, person.bank, asked, page=cut)
        teams = {each.name: each.label for each in answers.teams(tx, person.bank)}
    at = found.next_place
    return page(
        "portal/answers.html",
        title=translate("待处理的案件") if age in set(CaseAge) else translate("答复明细"),
        rows=found.rows,
        total=counted(found.total),
        age=translate(AGES[CaseAge(age)]) if age in set(CaseAge) else "",
        said=_said(asked, teams),
        stages=STAGES,
        causes=CAUSES,
        next="" if at is None else _address(cursors.make([at[0].isoformat(), at[1]])),
        first=_address("") if "cursor" in given else "",
        may_explain=person.role == Role.SUPERVISOR,
        export=f"/portal/exports/new?{urlencode({'kind': 'answers', **_kept()})}",
        back="/portal/dashboard",
    )


def asked_for(given: Mapping[str, str]) -> AnswersOf:
    """Which answers an address asks for; what it does not know is left out."""
    team = given.get("team", "")
    return AnswersOf(
        week=day_in_address(given.get("week", "")),
        team=None if not team else "" if team == _NO_TEAM else team,
        reason=HardshipReason(given["reason"]) if given.get("reason") in set(HardshipReason) else None,
        stage=AnswerStage(given["stage"]) if given.get("stage") in set(AnswerStage) else None,
        late=given.get("late") == "1",
        unexplained=given.get("cause") == "none",
    )


def _said(asked: AnswersOf, teams: Mapping[str, str]) -> list[str]:
    """The filters that are set, in words."""
    found = [_week_name(asked.week.isoformat()) if asked.week else translate("近 %(n)s 周", n=WEEKS)]
    if asked.team is not None:
        team = teams.get(asked.team)
        found.append(own_words(team) if team else translate("没有小组"))
    found += [word("reason", asked.reason)] if asked.reason else []
    found += [translate(STAGES[asked.stage])] if asked.stage else []
    found += [translate("超时")] if asked.late else []
    return found + ([translate("还没有登记原因")] if asked.unexplained else [])


def _kept() -> dict[str, str]:
    names = ("week", "team", "reason", "stage", "late", "cause", "age", "limit")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _address(cursor: str) -> str:
    return f"/portal/answers?{urlencode({**_kept(), **({'cursor': cursor} if cursor else {})})}"


@pages.route("/answers/<id:clock_id>/cause")
@for_bank(Role.SUPERVISOR)
def ask_cause(clock_id: str) -> Response:
    """Asks why an answer was late."""
    return _cause_page(clock_id, FormState())


@pages.route("/answers/<id:clock_id>/cause", methods=["POST"])
@for_bank(Role.SUPERVISOR)
def explain_breach(clock_id: str) -> Response:
    """The cause is on record, with who said it."""
    person = current_staff()
    chosen = request.form.get("cause", "")
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    state, explained = FormState(values={"cause": [chosen], "text": [text]}), None
    if chosen not in set(BreachCause):
        state = state.with_faults([Fault("/cause", "required")])
    else:
        try:
            explained = ExplainedBreach(cause=BreachCause(chosen), text=text)
        except InvalidValue as error:
            state = state.with_faults([Fault("/text", error.code, error.params)])

    def effect(tx: HubTransaction, value: ExplainedBreach) -> str:
        breach_causes.explain(tx, clock_id, value, bank_code=person.bank)
        return "/portal/answers?late=1"

    return send_once(person, state, explained, effect, form=lambda state: _cause_page(clock_id, state, status=422))


def _cause_page(clock_id: str, state: FormState, *, status: int = 200) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        row = answers.answered(tx, clock_id, bank_code=person.bank)
    if state.sound and not state.values and row.cause is not None:
        state = FormState(values={"cause": [row.cause], "text": [row.cause_words]})
    return page(
        "portal/breach-cause.html",
        title=translate("登记超时原因"),
        status=status,
        row=row,
        state=state,
        causes=[(code, translate(name)) for code, name in CAUSES.items()],
        limit=ExplainedBreach.LIMIT,
        stages=STAGES,
        back="/portal/answers?late=1&cause=none",
    )
