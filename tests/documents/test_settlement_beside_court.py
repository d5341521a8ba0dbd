"""The paper on a debt that was sued for: another title, another beginning, and what becomes of the court."""

from dataclasses import replace

import pytest

from hub.documents.agreement_document import html_of
from hub.domain.legal_stage import LegalStage, LegalStanding
from hub.domain.terms import Kind
from tests.documents.samples import agreement, contents, terms_of

SUED = LegalStanding(legal_stage=LegalStage.SUED, court="北京市朝阳区人民法院", case_number="（2026）京0105民初1234号")


def paper(kind: Kind, legal: LegalStanding) -> str:
    return html_of(agreement(contents=contents(terms_of(kind), legal=legal)))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("stage", "title"),
    [
        (LegalStage.SUED, "庭外和解协议"),
        (LegalStage.JUDGED, "执行和解协议"),
        (LegalStage.ENFORCED, "执行和解协议"),
    ],
)
def test_it_is_no_plan_of_article_70_in_any_kind(kind: Kind, stage: LegalStage, title: str) -> None:
    html = paper(kind, replace(SUED, legal_stage=stage))
    assert f"<h1>{title}</h1>" in html
    assert not any(words in html for words in ("第七十条", "申领信用卡", "个性化分期", "第五百四十三条"))
    assert "北京市朝阳区人民法院，案号：（2026）京0105民初1234号" in html
    assert html.find("<h2>四、双方的权利义务") < html.find("<h3>诉讼和执行</h3>")
    assert "由人民法院决定" in html
    assert "本协议的其他约定与此不一致的，以此为准。" in html


def test_a_debt_that_was_not_sued_for_says_nothing_of_a_court() -> None:
    html = html_of(agreement())
    assert not any(words in html for words in ("诉讼和执行", "案号", "由人民法院决定"))
