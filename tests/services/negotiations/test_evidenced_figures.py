"""What clerks read in the papers: beside what was declared, which stays the basis of the rules."""

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.errors import NotFound, Refused
from hub.domain.evidenced_figures import EvidencedFigure
from hub.services.negotiations import evidenced_figures
from hub.services.reading.bank.affordability import Affordability, affordability
from hub.services.reading.bank.heading import heading
from storage.records import EvidencedFigureRecord
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case()


def read(case: Case, figure: EvidencedFigure, bank_code: str = ICBC) -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        evidenced_figures.record(tx, case.id, figure, bank_code=bank_code)


def month(case: Case) -> Affordability:
    with case.hub.reading(HUB) as tx:
        return affordability(tx, case.id, bank_code=ICBC)


def rows(case: Case) -> list[EvidencedFigureRecord]:
    with case.hub.reading(HUB) as tx:
        return list(tx.session.scalars(sa.select(EvidencedFigureRecord).order_by(EvidencedFigureRecord.at)))


def income(case: Case, amount_fen: int, **more: str) -> EvidencedFigure:
    line = month(case).comparison.lines[0].line.name
    return EvidencedFigure(line=line, amount_fen=amount_fen, **more)


def test_what_papers_show_stands_beside_what_was_declared_and_changes_no_rule(case: Case) -> None:
    before = month(case)
    with case.hub.reading(HUB) as tx:
        wish = heading(tx, case.id, bank_code=ICBC, language="zh").wish
    read(case, income(case, 500_000, evidence_id=case.sent.evidence[0], note="8–10 月流水平均"))
    after = month(case)
    assert after.comparison.left_fen == before.comparison.left_fen == wish.left_fen
    assert after.comparison.left_by_papers_fen == before.comparison.left_fen + 500_000 - (
        before.comparison.lines[0].line.declared_fen
    )
    assert (after.comparison.checked, after.comparison.unchecked) == (1, before.comparison.unchecked - 1)
    [found] = after.read.values()
    assert (found.figure.note, found.figure.evidence_id) == ("8–10 月流水平均", case.sent.evidence[0])
    with case.hub.reading(HUB) as tx:
        assert heading(tx, case.id, bank_code=ICBC, language="zh").wish == wish
    [row] = rows(case)
    assert "流水".encode() not in row.said_sealed


def test_the_newest_counts_older_ones_are_kept_and_one_can_be_taken_back(case: Case) -> None:
    figure = income(case, 500_000)
    read(case, figure)
    read(case, figure)
    read(case, income(case, 480_000))
    assert [row.replaced_at is None for row in rows(case)] == [False, True]
    assert month(case).read[figure.line].figure.amount_fen == 480_000
    with case.hub.writing(case.REVIEWER) as tx:
        evidenced_figures.take_back(tx, case.id, figure.line, bank_code=ICBC)
        evidenced_figures.take_back(tx, case.id, figure.line, bank_code=ICBC)
    assert month(case).read == {}
    assert len(rows(case)) == 2


def test_a_line_that_is_none_and_a_file_that_was_not_given_are_refused_and_nothing_is_written(case: Case) -> None:
    never_given = case.upload()
    case.judge(never_given.id)
    with pytest.raises(Refused) as refused:
        read(case, EvidencedFigure(line="income.lottery", amount_fen=1, evidence_id=never_given.id))
    assert [(each.pointer, each.code) for each in refused.value.faults] == [
        ("/line", "line_unknown"),
        ("/evidence_id", "file_not_given"),
    ]
    with pytest.raises(NotFound):
        read(case, EvidencedFigure(line="income", amount_fen=1), CMB)
    with pytest.raises(NotFound), case.hub.writing(case.REVIEWER) as tx:
        evidenced_figures.take_back(tx, case.id, "income", bank_code=CMB)
    assert rows(case) == []
