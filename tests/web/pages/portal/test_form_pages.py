"""What a bank's people do in the portal: each deed from form to log, posted twice, and on a case that moved on."""

from __future__ import annotations

import pytest

from tests.services.case import Case
from tests.web.pages.clerk import Clerk
from tests.web.pages.portal.offer_forms import offer_form

# Short of terms.


def test_a_message_is_in_the_log_once_however_often_it_is_posted(case: Case, clerk: Clerk) -> None:
    text, _ = clerk.refused("/messages", clerk.form("/messages"))
    assert "请填写要写给客户的话。" in text
    form = {**clerk.form("/messages"), "text": "您好，<b>请</b>保持电话畅通。"}
    assert [clerk.done("/messages", form) for _ in range(2)] == ["written"] * 2
    assert [each.text for each in case.log() if each.header.kind == "message"] == ["您好，<b>请</b>保持电话畅通。"]
    page = clerk.page(clerk.address)
    assert "&lt;b&gt;请&lt;/b&gt;" in page
    assert clerk.name in page


# Terms.


@pytest.mark.parametrize("seen", [None, "", "x", "-1", "999"])
def test_a_form_that_does_not_say_what_it_was_made_for_does_nothing(case: Case, clerk: Clerk, seen: str | None) -> None:
    form = {name: value for name, value in offer_form(clerk).items() if name != "seen"}
    assert clerk.send("/offer", form if seen is None else {**form, "seen": seen}).status_code == 409
    assert case.view()["offers"] == []


# Calls.


def test_a_form_without_the_sites_token_does_nothing(case: Case, clerk: Clerk) -> None:
    form = {name: value for name, value in clerk.form("", "acknowledge").items() if name != "csrf_token"}
    assert clerk.send("/acknowledge", form).status_code == 400
    assert case.status == "awaiting_bank"
