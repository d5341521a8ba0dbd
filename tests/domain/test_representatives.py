"""What a bank is told to look at before it deals with somebody who helps."""

import pytest

from hub.domain.application import Representative
from hub.domain.representatives import RepresentativeFlag, flags_of

PAPER, NO_PAPER, AGENCY = RepresentativeFlag


def helper(relation: str, paper: str | None = None) -> Representative:
    return Representative(name="李雷", relation=relation, mobile="13900139000", authority_evidence=paper)


def test_nobody_who_helps_is_nothing_to_look_at() -> None:
    assert flags_of(None) == ()


@pytest.mark.parametrize(("paper", "flag"), [("file-1", PAPER), (None, NO_PAPER)])
def test_a_helper_is_flagged_with_the_paper_or_its_lack(paper: str | None, flag: RepresentativeFlag) -> None:
    assert flags_of(helper("儿子", paper)) == (flag,)


@pytest.mark.parametrize(
    "relation",
    [
        "法务公司",
        "某某律所",
        "委托代理人",
        "债务咨询",
        "代理公司",
        "信用咨询顾问",
        "反催收维权",
        "Law Firm",
        "ＡＧＥＮＣＹ",
    ],
)
def test_whoever_may_live_by_it_is_flagged_whatever_paper_there_is(relation: str) -> None:
    assert flags_of(helper(relation)) == (NO_PAPER, AGENCY)
    assert flags_of(helper(relation, "file-1")) == (PAPER, AGENCY)


@pytest.mark.parametrize("relation", ["儿子", "配偶", "朋友", "社区工作人员", "同事", "sister"])
def test_family_and_friends_are_no_agency(relation: str) -> None:
    assert AGENCY not in flags_of(helper(relation))
