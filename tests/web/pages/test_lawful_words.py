"""What no page, mail or paper may say of the law, and what every page has to: read in the words themselves."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.web.pages.conftest import Visit

ROOT = Path(__file__).parents[3]
# The law says that a bank "may" agree (Article 70), and debts are never told by a rate of a day or a month alone.
FORBIDDEN = {
    "a promise of stopped interest": r"停息|挂账|stop(?:ped|s)? (?:all )?interest",
    "a promise in the bank's name": r"保证|包过|一定会|肯定会|必须同意|will (?:surely )?(?:approve|agree)|guarantee",
    "what a bank does, told as a fact": r"银行会在|银行停止催收。|bank (?:stops coll|confirms with|answers with)",
    "that nothing is lost": r"没有任何损失|nothing is lost",
    "a mended credit record": r"修复|洗白|repair (?:your )?credit",
    "a rate of a day": r"日利率|日息|万分之|daily rate|a day's interest",
    "a rate of a month": r"月利率|月息|monthly rate",
}
# What warns of those who promise such things.
WARNING = "本服务不收取任何费用。自称能“代办协商、修复征信”并收费的，请不要相信。"
WARNING_EN = 'We never charge. Do not trust anyone who charges to negotiate or "repair credit".'


def sentences() -> Iterator[tuple[str, str]]:
    """(where, what is said): both languages of every catalogue, every mail, and every printed page."""
    for catalogue in sorted(ROOT.glob("hub/translations/*/LC_MESSAGES/*.po")):
        with catalogue.open("rb") as file:
            for message in read_po(file):
                for said in (message.id, message.string):
                    # A plural has one sentence for each number.
                    for each in said if isinstance(said, (tuple, list)) else (said,):
                        yield catalogue.name, each or ""
    for pattern in ("templates/email/words/*.txt", "templates/documents/*.html"):
        for template in sorted(ROOT.glob(pattern)):
            for line in template.read_text().splitlines():
                yield template.name, line.strip()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_that_people_read_holds(what: str) -> None:
    found = [
        (where, said)
        for where, said in sentences()
        if said not in (WARNING, WARNING_EN) and re.search(FORBIDDEN[what], said, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("a promise of stopped interest", "申请后停息挂账"),
        ("a promise in the bank's name", "银行一定会同意"),
        ("a rate of a day", "日利率 0.05%"),
        ("what a bank does, told as a fact", "签署后，银行停止催收。"),
        ("that nothing is lost", "报价不再有效，没有任何损失。"),
    ],
)
def test_the_search_finds_what_it_looks_for(what: str, said: str) -> None:
    assert re.search(FORBIDDEN[what], said)


@pytest.mark.parametrize("address", ["/sign-in/", "/demo/", "/apply/", "/my/", "/my/nothing"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_cardholder_says_that_the_hub_takes_no_money(visit: Visit, address: str, language: str) -> None:
    visitor = visit("cardholder-1")
    visitor.get(f"/sign-in/?lang={language}")
    warning = WARNING if language == "zh" else WARNING_EN
    assert warning in unescape(visitor.get(address).get_data(as_text=True))
