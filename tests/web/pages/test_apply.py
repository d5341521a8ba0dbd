"""An application written at the pages, step by step, without scripts."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.pages.cardholders import Launch, filled_in, launched, texted  # noqa: F401 - fixtures


def test_a_launched_person_sends_one_application_to_two_banks(launched: Launch, work_off: Callable[[], int]) -> None:  # noqa: F811
    reader = launched()
    done = filled_in(reader).press("提交给 2 家银行")
    assert done.status == 200, done.text
    assert done.address.startswith("/apply/done/")
