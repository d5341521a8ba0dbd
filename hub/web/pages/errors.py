"""Errors as people see them: one plain page for everything that stops a request, and the way to the sign-in."""

from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from hub.domain.visitor import VisitorKind
from hub.web.pages.rendering import PRIVATE, go, page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import hold_for_sign_in, is_from_script, nearest_page, page_to_come_back_to
from hub.web.pages.visitors import (
    NotSignedIn,
    area_of,
    signed_in_cardholder,
    signed_in_staff,
)
from hub.web.problems import Problem
from hub.web.sentences import detail, sentence, title

SIGN_IN = {VisitorKind.CARDHOLDER: "/sign-in/", VisitorKind.STAFF: "/sign-in/staff"}
"""Where people of each kind sign in."""

_SIGNED_IN = {VisitorKind.CARDHOLDER: signed_in_cardholder, VisitorKind.STAFF: signed_in_staff}

# What these say to a program is of no use to a person at a page.
_OWN_DETAILS = {
    "not_allowed": "您的账户不能使用这个页面。如果需要，请联系本行的管理员。",
    "malformed": "这个页面打开得太久，或者内容没有完整送达。这次没有提交。返回上一页，填写的内容通常还在，"
    "可以先复制下来，再重新打开那一页提交。",
    "method_not_allowed": "这个地址不能直接打开，请从页面上的按钮进入。",
    "not_found": "这个页面没有找到，或者不属于您。您填写和提交的内容不受影响。",
    "unavailable": "系统正在恢复，通常几分钟就好。您填写和提交的内容不会丢失，请稍后再试。",
    "server_error": "这不是您的问题，我们已经记录下来。您提交过的内容不受影响，请稍后再试。",
    "idempotency_key_busy": "上一次提交还在处理，请稍等片刻再看结果。",
}
_OF_CARDHOLDERS = {**_OWN_DETAILS, "not_allowed": "您现在不能使用这个页面。您填写和提交的内容不受影响。"}


def page_of(problem: Problem) -> Response:
    """The page that says what went wrong and what to do. Of what cannot be found it never says why."""
    locale = page_language()
    heading = title(problem.kind, locale)
    own = _OWN_DETAILS if area_of(request.path).visitors is VisitorKind.STAFF else _OF_CARDHOLDERS
    words = translate(own[problem.code]) if problem.code in own else _detail(problem)
    faults = [sentence(each.code, each.params, locale) for each in problem.faults]
    response = page(
        "error.html",
        title=heading,
        status=problem.status,
        words=words,
        faults=faults,
        changed_by=None,
        again=_again(problem),
        session_left=None,
    )
    for name, value in problem.headers.items():
        if name != "WWW-Authenticate":
            response.headers[name] = value
    return response


def _again(problem: Problem) -> str | None:
    """The address to ask for once more, where that may help; what was sent is never sent a second time by a link."""
    passes = problem.status >= 500 or problem.code == "too_many_tries"
    return request.full_path.rstrip("?") if passes and request.method in {"GET", "HEAD"} else None


def _detail(problem: Problem) -> str:
    return detail(problem.code, problem.params, page_language())


def stale(*, changed_by: str, changed_at: Any, back: str, typed: str = "") -> Response:
    """The page for a form that was made for an older state of the case: who changed it, when, and what was typed."""
    return page(
        "error.html",
        title=translate("这次协商刚刚有变化"),
        status=409,
        words=translate("您打开页面之后，有人更新了这次协商，所以这次没有提交。请看过最新情况再决定。"),
        faults=[],
        changed_by=changed_by,
        session_left=None,
        changed_at=changed_at,
        back=back,
        typed=typed,
        again=None,
    )


def install(app: Flask) -> None:
    """Who has to sign in first is sent there, and back to the page afterwards."""

    @app.before_request
    def ask_who_it_is() -> None:
        # Nothing is shown to strangers below an area, not even that an address leads nowhere: an old or mistyped one
        # is answered as a known one is, and whoever followed it learns more once signed in.
        kind = area_of(request.path).visitors
        leads_nowhere = isinstance(request.routing_exception, NotFound) and request.method in {"GET", "HEAD"}
        if kind is not None and leads_nowhere and _SIGNED_IN[kind]() is None:
            raise NotSignedIn(kind)

    @app.errorhandler(NotSignedIn)
    def to_sign_in(error: NotSignedIn) -> Response:
        is_held = area_of(request.path).visitors is error.kind and hold_for_sign_in()
        if is_from_script():
            held = {"Draft-Held": "1"} if is_held else {}
            return Response(status=401, headers={**held, "Cache-Control": PRIVATE})
        asked = page_to_come_back_to() or (nearest_page() if is_held else None)
        where = SIGN_IN[error.kind]
        return go(where if asked is None else f"{where}?next={quote(asked, safe='/')}")
