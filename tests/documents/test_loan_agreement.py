"""Agreements over loans, on paper: by Civil Code 543, in the words of loans, and no law of credit cards in them."""

import io
import re
from dataclasses import replace
from datetime import date

import pypdf
import pytest

from hub.documents.agreement_document import LOAN_TITLES, AgreementDocument, html_of
from hub.documents.printing import print_pdf
from hub.domain.agreement import AgreementContents, contents_of, missing_parts, texts_of
from hub.domain.balances import Balance
from hub.domain.bank import BankRules
from hub.domain.bank_settings import read_rules
from hub.domain.china import china_day
from hub.domain.clauses import CLAUSE_TITLES
from hub.domain.creditor import Regulator
from hub.domain.errors import InvalidValue
from hub.domain.legal_stage import NOT_IN_COURT, LegalStage, LegalStanding
from hub.domain.loan_wording import CARD_LAW_ZH, speaks_of_cards
from hub.domain.repayment import schedule_of
from hub.domain.terms import Kind
from tests.documents.samples import AT, BALANCE, SIGNATURES, agreement, terms_of

LOAN = Balance(
    contract_last4="80A6",
    currency="CNY",
    principal_fen=1_850_000,
    interest_fen=46_200,
    fees_fen=0,
    penalty_fen=12_000,
    as_of=date(2026, 11, 20),
)
KINDS = sorted(set(Kind) - {Kind.LOWER_MINIMUM})
CARD_WORDS = read_rules(
    {
        **dict.fromkeys(CLAUSE_TITLES, "全部结清前，持卡人不向任何银行申领信用卡（第七十条）。"),
        "default_clause": "持卡人逾期的，发卡银行依第七十条终止本协议。",
        "payment_instructions": "请存入协议所列信用卡账户。",
    }
)


def contents(
    kind: Kind,
    rules: BankRules | None = None,
    legal: LegalStanding = NOT_IN_COURT,
    regulator: Regulator = Regulator.NFRA,
) -> AgreementContents:
    terms, held = terms_of(kind), rules or BankRules()
    return contents_of(
        terms=terms,
        schedule=schedule_of(terms, signed_on=china_day(AT), down_payment_on=date(2026, 11, 25)),
        balances=(LOAN,),
        texts=texts_of(held.texts_for_loans(regulator), kind, rows=terms.instalments or terms.months or 1),
        clauses=held.clauses_for_loans(regulator),
        legal=legal,
    )


def document(made: AgreementContents) -> AgreementDocument:
    return agreement(contents=made, is_over_loans=True)


def said(html: str) -> str:
    """The words of the page, without its style."""
    return "".join(re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stage", sorted(LegalStage))
@pytest.mark.parametrize("rules", [BankRules(), CARD_WORDS], ids=["standard", "a bank's own for cards"])
def test_a_loans_agreement_never_names_article_70_or_applying_for_cards(
    kind: Kind, stage: LegalStage, rules: BankRules
) -> None:
    made = contents(kind, rules, LegalStanding(legal_stage=stage, court="某区人民法院"))
    paper = said(html_of(document(made)))
    assert not [words for words in CARD_LAW_ZH if words in paper]
    assert not speaks_of_cards(paper), speaks_of_cards(paper)
    assert (made.promise_zh, made.is_of_article_70, missing_parts(made)) == ("", False, [])


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_who_lends_by_what_law_and_what_becomes_of_guarantors_and_of_entries(kind: Kind) -> None:
    paper = said(html_of(document(contents(kind))))
    for words in (
        LOAN_TITLES[kind],
        "第五百四十三条",
        "贷款人",
        "借款人",
        "合同尾号80A6",
        "原借款合同",
        "不是新发放的贷款",
        "未经担保人书面同意",
        "只是贷款人自己的份额",
        "征信",
        "年化利率" if terms_of(kind).annual_rate_percent else "还款总额",
    ):
        assert words in paper, words
    assert ("展期" in paper) or kind is not Kind.DEFERRAL
    assert "年费" not in paper


@pytest.mark.parametrize(
    ("regulator", "there", "absent"),
    [(Regulator.NFRA, "12378", "地方金融管理局"), (Regulator.LOCAL, "地方金融管理局", "12378")],
)
def test_disputes_go_to_whoever_supervises_the_lender(regulator: Regulator, there: str, absent: str) -> None:
    paper = said(html_of(document(contents(Kind.DEFERRAL, regulator=regulator))))
    assert there in paper
    assert absent not in paper


def test_a_lenders_own_texts_stand_as_they_are_written() -> None:
    own = BankRules(notices_clause="通知以平台消息为准。", payment_instructions="请存入合同约定的扣款账户。")
    paper = said(html_of(document(contents(Kind.INSTALMENTS, own))))
    assert "通知以平台消息为准。" in paper
    assert "请存入合同约定的扣款账户。" in paper
    assert own.clauses_for_loans(Regulator.NFRA).version != BankRules().clauses_for_loans(Regulator.NFRA).version


def test_a_cards_agreement_has_article_70_and_the_promise_as_before() -> None:
    paper = said(html_of(agreement(Kind.INSTALMENTS)))
    assert all(words in paper for words in (*CARD_LAW_ZH, "发卡银行", "持卡人"))


def test_a_paper_calls_no_loan_a_card() -> None:
    made = contents(Kind.INSTALMENTS)
    with pytest.raises(InvalidValue, match="document_incomplete"):
        agreement(contents=made)
    with pytest.raises(InvalidValue, match="document_incomplete"):
        agreement(contents=replace(made, balances=(BALANCE,)), is_over_loans=True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_printed_paper_read_back_has_none_of_it_either(kind: Kind) -> None:
    reader = pypdf.PdfReader(io.BytesIO(print_pdf(html_of(document(contents(kind))))))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "借款人" in text
    assert not [words for words in (*CARD_LAW_ZH, "信用卡", "持卡人", "发卡") if words in text]
    assert SIGNATURES.offer_digest in text
