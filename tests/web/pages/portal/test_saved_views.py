"""Views of the queue that somebody keeps: own ones, and those of all of the bank."""

from html import unescape

import pytest
from flask import Flask

from tests.applications import CMB
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk
from tests.web.pages.visitor import Visitor


def ids(clerk: Visitor) -> list[str]:
    text = clerk.page("/portal/views")
    return [part.partition('"')[0] for part in text.split('name="view" value="')[1:]]


def test_a_view_is_kept_for_the_account_renamed_put_in_order_and_taken_away(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    clerk = Clerk(app, "reviewer", case)
    kept = clerk.web.post(
        "/portal/views",
        data={"csrf_token": clerk.token(), "name": "因病 优先", "query": "reason=illness&cursor=x&q=王"},
    )
    assert (kept.status_code, kept.location.startswith("/portal/?")) == (303, True)
    clerk.post("/portal/views", {"name": "大额", "query": "owed=from-200k"})
    again = Clerk(app, "reviewer", case)
    assert 'href="/portal/?reason=illness">' in again.page("/portal/")
    assert "因病 优先" in again.page(again.address)
    first, second = ids(clerk)
    clerk.post("/portal/views", {"do": "up", "view": second})
    assert ids(clerk) == [second, first]
    clerk.post("/portal/views", {"do": "rename", "view": first, "name": "生病"})
    clerk.post("/portal/views", {"do": "remove", "view": second})
    text = unescape(clerk.page("/portal/views"))
    assert ("生病" in text, "因病 优先" in text, "大额" in text) == (True, False, False)


def test_supervisors_keep_views_for_all_of_their_bank(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    supervisor, reviewer, stranger = (
        Clerk(app, "supervisor", case), Clerk(app, "reviewer", case), Visitor(app, f"supervisor-{CMB}")
    )  # fmt: skip
    supervisor.post("/portal/views", {"name": "三万以下", "query": "owed=10k-30k", "shared": "1"})
    [view] = ids(supervisor)
    assert "三万以下" in reviewer.page("/portal/")
    assert "三万以下" not in stranger.page("/portal/")
    form = {"name": "改", "view": view, "do": "rename"}
    assert reviewer.post("/portal/views", form).status_code == 403
    assert stranger.post("/portal/views", form).status_code == 404
    assert reviewer.post("/portal/views", {"name": "都看", "query": "", "shared": "1"}).status_code == 403


@pytest.mark.parametrize("query", ["&".join(["reason=illness"] * 61), "reason=illness&q=x\r\nSet-Cookie: a=b", "\x00"])
def test_words_that_no_browser_would_have_written_are_not_put_into_an_address(
    app: Flask, open_case: OpenCase, query: str
) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    kept = clerk.web.post("/portal/views", data={"csrf_token": clerk.token(), "name": "视图", "query": query})
    leads_to = "/portal/?reason=illness" if "illness" in query else "/portal/"
    assert (kept.status_code, kept.location) == (303, leads_to)
    assert f'href="{leads_to}"' in clerk.page("/portal/")
    assert clerk.get(f"/portal/?{'&'.join(['reason=illness'] * 61)}").status_code == 200


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (" ", "请填写这一项。"),
        ("长" * 21, "最多 20 个字"),
        ("a\x00", "含有无法显示的字符"),
        ("\u202eb", "含有无法显示的字符"),
    ],
)
def test_a_name_that_is_none_is_refused_with_what_was_typed(
    app: Flask, open_case: OpenCase, name: str, words: str
) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    answer = clerk.post("/portal/views", {"name": name, "query": "reason=illness"})
    text = unescape(answer.get_data(as_text=True))
    assert (answer.status_code, words in text, 'value="reason=illness"' in text) == (422, True, True)
    assert ids(clerk) == []


def test_there_is_an_end_to_views(app: Flask, open_case: OpenCase) -> None:
    clerk = Clerk(app, "reviewer", open_case())
    for number in range(20):
        assert clerk.post("/portal/views", {"name": f"视图 {number}", "query": ""}).status_code == 303
    answer = clerk.post("/portal/views", {"name": "再一个", "query": ""})
    assert (answer.status_code, "最多存 20 个视图" in answer.get_data(as_text=True)) == (422, True)


def test_another_persons_view_is_nobody_elses(app: Flask, open_case: OpenCase) -> None:
    case = open_case()
    clerk, colleague = Clerk(app, "reviewer", case), Clerk(app, "supervisor", case)
    clerk.post("/portal/views", {"name": "我的", "query": ""})
    [view] = ids(clerk)
    for step in ("rename", "up", "remove"):
        assert colleague.post("/portal/views", {"name": "改", "view": view, "do": step}).status_code == 404
    assert "我的" in clerk.page("/portal/views")
