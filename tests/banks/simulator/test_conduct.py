"""How a simulated bank behaves, in words."""

from __future__ import annotations

import pytest

from hub.banks.simulator.conduct import Decision, Telling, behaviours, read_conduct
from hub.banks.simulator.port import Does
from hub.domain.errors import Unusable


@pytest.mark.parametrize(
    ("words", "decision", "does", "times", "telling"),
    [
        ([], Decision.ACCEPT, Does.TAKE, None, set()),
        (["ask,fail=2"], Decision.ASK, Does.FAIL, 2, set()),
        (["ask", "fail=2"], Decision.ASK, Does.FAIL, 2, set()),
        (["fail"], Decision.ACCEPT, Does.FAIL, None, set()),
        (["reject", "duplicate", "out-of-order"], Decision.REJECT, Does.TAKE, None, {"duplicate", "out-of-order"}),
        (["in-process"], Decision.ACCEPT, Does.IN_PROCESS, 2, set()),
        (["silent,endless=1"], Decision.SILENT, Does.ENDLESS, 1, set()),
    ],
)
def test_words_name_a_conduct(
    words: list[str], decision: Decision, does: Does, times: int | None, telling: set[str]
) -> None:
    conduct = read_conduct(words)
    assert (conduct.decision, conduct.does, conduct.times, set(conduct.telling)) == (decision, does, times, telling)


@pytest.mark.parametrize("word", ["lazy", "fail=often", "fail,html", "accept=2", "slow=-1", "take", "accept,reject"])
def test_words_that_name_none_or_two_are_refused(word: str) -> None:
    with pytest.raises(Unusable):
        read_conduct([word])


def test_every_behaviour_is_described() -> None:
    for name in (*Decision, *Telling, *(set(Does) - {Does.TAKE}), "slow"):
        assert f"  {name}" in behaviours()
