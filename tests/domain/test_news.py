"""What of a log is news to its person."""

import pytest

from hub.domain.entry_kind import EntryKind
from hub.domain.news import News, NewsKind


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (EntryKind.MESSAGE, NewsKind.MESSAGE),
        (EntryKind.CALL, NewsKind.MESSAGE),
        (EntryKind.OFFERED, NewsKind.OFFER),
        (EntryKind.EVIDENCE_REQUESTED, NewsKind.QUESTION),
        (EntryKind.RETURNED, NewsKind.CORRECTION),
        (EntryKind.REJECTED, NewsKind.ANSWER),
        (EntryKind.MISSED, NewsKind.PAYMENT),
        (EntryKind.AGREEMENT_ENDED, NewsKind.AGREEMENT),
        (EntryKind.BREACHED, NewsKind.NOTICE),
    ],
)
def test_each_entry_of_others_is_news_of_its_kind(kind: EntryKind, told: NewsKind) -> None:
    assert News.of([(4, kind)]) == News(sequences=frozenset({4}), kinds=(told,))


@pytest.mark.parametrize(
    "kind", ["screened", "delivered", "clock_opened", "code_sent", "document_printed", "copied", "of_another_version"]
)
def test_the_work_of_the_machine_is_none(kind: str) -> None:
    assert len(News.of([(4, kind)])) == 0


def test_the_weightiest_is_named_first_and_each_kind_once() -> None:
    news = News.of([(5, "message"), (6, "message"), (7, "offered")])
    assert (news.kinds, len(news)) == ((NewsKind.OFFER, NewsKind.MESSAGE), 3)
