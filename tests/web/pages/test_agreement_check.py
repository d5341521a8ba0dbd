"""`/verify`: who holds a paper sees whether the agreement is in force, in both languages, and nothing of the person."""

import pytest
from flask.testing import FlaskClient

from hub.domain.agreement_end import EndReason
from hub.web.pages.verify import LOOKS_FROM_ADDRESS
from tests.services.case import Case

IN_FORCE, OVER, UNKNOWN = "有这份协议，目前有效。", "有这份协议，已经结束，不再有效。", "没有编号和摘要都相符的协议"


@pytest.fixture
def agreed(case: Case) -> Case:
    case.accept(case.offer())
    return case


def shown(web: FlaskClient, number: str, digest: str, **more: str) -> str:
    answer = web.get("/verify", query_string={"number": number, "digest": digest, **more})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def printed(case: Case) -> tuple[str, str]:
    agreement = case.view()["agreement"]
    return agreement["number"], agreement["digest"]


def test_the_form_is_there_for_everybody(web: FlaskClient) -> None:
    page = web.get("/verify").get_data(as_text=True)
    assert "查验协议" in page
    assert not any(each in page for each in (IN_FORCE, OVER, UNKNOWN))
    assert "Check an agreement" in web.get("/verify?lang=en").get_data(as_text=True)


def test_an_agreement_in_force_is_told_from_one_that_ended(agreed: Case, web: FlaskClient) -> None:
    number, digest = printed(agreed)
    page = shown(web, number, digest)
    assert IN_FORCE in page
    assert "it is in force" in shown(web, number, digest, lang="en")
    # Of person, bank and debt nothing is there.
    for each in ("王", "工商银行", "XS-", "622210", "13800138000", "18,500", "18500"):
        assert each not in page.replace(digest, "").replace(number, "")
    agreed.end(EndReason.SETTLED, waive_rest=True)
    assert OVER in shown(web, number, digest, lang="zh")


def test_number_and_digest_are_taken_as_they_are_copied_from_a_paper(agreed: Case, web: FlaskClient) -> None:
    number, digest = printed(agreed)
    parts = " ".join(digest[at : at + 8] for at in range(0, 64, 8))
    assert IN_FORCE in shown(web, f" {number.lower().replace('-', '－')} ", f"{parts.upper()}\r\n")
    assert IN_FORCE in shown(web, f"\u202a{number}\u202c", f"{digest[:32]}\u00ad\u200b{digest[32:]}")


def test_a_wrong_number_and_a_wrong_digest_are_answered_alike(agreed: Case, web: FlaskClient) -> None:
    number, digest = printed(agreed)
    other = ("0" if digest[0] != "0" else "1") + digest[1:]
    wrong_digest = shown(web, number, other)
    unknown = shown(web, "XY-20000101-000000", digest)
    assert UNKNOWN in wrong_digest
    assert wrong_digest.replace(number, "").replace(other, "") == unknown.replace("XY-20000101-000000", "").replace(
        digest, ""
    )
    for bad in ("", "x", "’ OR 1=1", digest[:63], digest + "0", "é" * 64, "\x00"):
        assert IN_FORCE not in shown(web, number, bad or " ")


def test_who_gives_one_of_the_two_is_asked_for_both(web: FlaskClient) -> None:
    assert "编号和摘要两项都要填写" in shown(web, "XY-1", "")
    assert "编号和摘要两项都要填写" in shown(web, " ", "a")


def test_a_crowd_of_guesses_from_one_address_is_stopped(web: FlaskClient) -> None:
    for _ in range(LOOKS_FROM_ADDRESS.amount):
        shown(web, "XY-1", "a")
    answer = web.get("/verify?number=XY-1&digest=a")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert web.head("/verify?number=XY-1&digest=a").status_code == 200
