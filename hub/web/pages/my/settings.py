"""`/my/settings`: large print, contrast, language, by what to be told, and the day of wages; one press each."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, request

from hub.domain.errors import Fault, InvalidValue
from hub.domain.masks import mask_mobile
from hub.domain.preferences import Language, Preferences, Telling
from hub.domain.wage_day import LAST_DAY
from hub.services.accounts import preferences
from hub.web.access import face
from hub.web.pages import kept_choices
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go, page
from hub.web.pages.text_size import text_size
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

_HERE: Final = "/my/settings"
_QUIET: Final = "none"


def _telling(value: str) -> dict[str, object]:
    if value == _QUIET:
        return {"is_quiet": True}
    return {"is_quiet": False, "telling": Telling(value)}


def _wage_day(value: str) -> dict[str, object]:
    return {"wage_day": int(value) if value.strip() else None}


# What each button and field changes; a value that is none raises ValueError or `InvalidValue`.
_CHANGES: Final[Mapping[str, Callable[[str], dict[str, object]]]] = {
    "text": lambda value: {"has_large_print": value == "large"},
    "contrast": lambda value: {"has_high_contrast": value == "high"},
    "language": lambda value: {"language": Language(value)},
    "telling": _telling,
    "wage_day": _wage_day,
}


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """What is chosen, each choice a button."""
    return _page(FormState())


def _page(state: FormState, status: int = 200) -> Response:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        chosen = preferences.of(tx, person)
    telling = _QUIET if chosen.is_quiet else (chosen.telling or Telling.MAIL)
    return page(
        "my/settings.html",
        title=translate("设置"),
        status=status,
        state=state,
        back="/my/",
        groups=_groups(chosen, telling),
        wage_day="" if chosen.wage_day is None else str(chosen.wage_day),
        days=[(str(day), translate("%(n)s 日", n=day)) for day in range(1, LAST_DAY)]
        + [(str(LAST_DAY), translate("每月最后一天"))],
        mobile=mask_mobile(person.mobile),
        done=request.args.get("done") == "1",
    )


def _groups(chosen: Preferences, telling: str) -> list[dict[str, Any]]:
    return [
        _group(
            "text", translate("字号"), text_size(), [("normal", translate("标准字")), ("large", translate("大字版"))]
        ),
        _group(
            "contrast",
            translate("颜色"),
            "high" if chosen.has_high_contrast else "normal",
            [("normal", translate("标准")), ("high", translate("高对比度"))],
        ),
        _group("language", translate("语言"), page_language(), [("zh", "中文"), ("en", "English")]),
        _group(
            "telling",
            translate("有进展时怎么告诉您"),
            telling,
            [
                (Telling.MAIL, translate("邮件")),
                (Telling.SMS, translate("短信")),
                (Telling.BOTH, translate("邮件和短信")),
                (_QUIET, translate("不用告诉我")),
            ],
        ),
    ]


def _group(name: str, legend: str, now: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    return {"name": name, "legend": legend, "now": str(now), "choices": [(str(value), word) for value, word in choices]}


@blueprint.route("", methods=["POST"])
@for_cardholders
def choose() -> Response:
    """The choice counts from now on, on every device of the person; `reset` forgets all of them."""
    person = current_cardholder()
    if request.form.get("do") == "reset":
        with face().hub.writing(person.actor) as tx:
            preferences.forget(tx, person)
        return _shown(Preferences(language=Language.CHINESE))
    try:
        changed = {
            name: value
            for field, change in _CHANGES.items()
            if (typed := request.form.get(field)) is not None
            for name, value in change(typed).items()
        }
        chosen = kept_choices.keep(person, **changed)
    except (ValueError, InvalidValue):
        fault = Fault("/wage_day", "out_of_range", {"min": 1, "max": LAST_DAY})
        return _page(FormState(faults=(fault,)), 422)
    return _shown(chosen)


def _shown(chosen: Preferences) -> Response:
    response = go(f"{_HERE}?done=1")
    kept_choices.show(response, chosen, secure=not face().hub.settings.embedded)
    return response
