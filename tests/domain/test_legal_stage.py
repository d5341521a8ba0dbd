"""How far a debt has got in court, and what an agreement on it then is."""

from dataclasses import replace

import pytest

from hub.domain.agreement import AgreementContents, missing_parts
from hub.domain.legal_stage import NOT_IN_COURT, LegalStage, LegalStanding, furthest, named_zh, proceedings_zh
from hub.domain.plain import from_plain, to_plain
from hub.domain.terms import Kind, Terms
from tests.domain.test_agreement import EVERY_KIND, SETTLEMENT, contents

SUED = LegalStanding(legal_stage=LegalStage.SUED, court="北京市朝阳区人民法院", case_number="（2026）京0105民初1234号")
IN_COURT = [SUED, *(replace(SUED, legal_stage=each) for each in (LegalStage.JUDGED, LegalStage.ENFORCED))]


@pytest.mark.parametrize("legal", [NOT_IN_COURT, *IN_COURT])
@pytest.mark.parametrize("terms", EVERY_KIND, ids=lambda terms: terms.kind)
def test_only_a_plan_in_parts_that_was_not_sued_for_is_of_article_70(terms: Terms, legal: LegalStanding) -> None:
    said = contents(terms, legal=legal)
    assert said.is_of_article_70 is (terms.kind in {Kind.INSTALMENTS, Kind.REDUCTION} and legal is NOT_IN_COURT)
    assert missing_parts(said) == []


@pytest.mark.parametrize("legal", IN_COURT)
@pytest.mark.parametrize("terms", EVERY_KIND, ids=lambda terms: terms.kind)
def test_what_was_sued_for_has_no_promise_and_says_what_becomes_of_the_court(
    terms: Terms, legal: LegalStanding
) -> None:
    said = contents(terms, legal=legal)
    assert said.promise_zh == ""
    assert "个性化分期" not in said.payments_zh
    assert "由人民法院决定" in said.proceedings_zh
    assert from_plain(AgreementContents, to_plain(said)) == said


def test_what_is_left_out_goes_on_by_the_judgment_where_there_is_one() -> None:
    by = ["原信用卡领用合约", "生效法律文书和原信用卡领用合约", "生效法律文书和原信用卡领用合约"]
    for legal, named in zip(IN_COURT, by, strict=True):
        assert contents(SETTLEMENT, legal=legal).balance_zh.endswith(f"，仍按照{named}处理。")


def test_an_agreement_of_before_was_not_sued_for() -> None:
    plain = to_plain(contents())
    before = {name: value for name, value in plain.items() if name not in {"legal", "proceedings_zh"}}
    assert from_plain(AgreementContents, before).legal == NOT_IN_COURT


def test_the_title_goes_with_the_stage() -> None:
    assert [each.title_zh for each in IN_COURT] == ["庭外和解协议", "执行和解协议", "执行和解协议"]
    assert proceedings_zh(NOT_IN_COURT) == ""


def test_of_several_accounts_the_one_that_got_furthest_counts() -> None:
    assert furthest([NOT_IN_COURT, IN_COURT[2], SUED]) == IN_COURT[2]
    assert furthest([NOT_IN_COURT, NOT_IN_COURT]) == NOT_IN_COURT


@pytest.mark.parametrize(
    ("court", "case_number", "named"),
    [
        ("", "", ""),
        ("某法院", "", "（某法院）"),
        ("", "1号", "（案号：1号）"),
        ("某法院", "1号", "（某法院，案号：1号）"),
    ],
)
def test_court_and_case_are_named_as_far_as_they_are_known(court: str, case_number: str, named: str) -> None:
    assert named_zh(replace(SUED, court=court, case_number=case_number)) == named
