"""The stories of the demo: told in the order of their days, and each a way that the rules allow."""

import pytest

from hub.demo.people import CITIC, CMB, ICBC
from hub.demo.stories import STORIES, Start, Step, Story


def test_steps_of_all_banks_come_in_the_order_of_their_days() -> None:
    story = Story(
        name="王小明",
        days_ago=9,
        plots={ICBC: [(Step.ACKNOWLEDGE, 2), (Step.ASK, 2), (Step.ANSWER, 5)], CITIC: [(Step.WITHDRAW, 3)], CMB: []},
    )
    assert story.steps() == [
        (2, ICBC, Step.ACKNOWLEDGE),
        (2, ICBC, Step.ASK),
        (3, CITIC, Step.WITHDRAW),
        (5, ICBC, Step.ANSWER),
    ]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_nothing_happens_before_the_sending_or_after_today(story: Story) -> None:
    assert all(0 <= days <= story.days_ago for days, _, _ in story.steps())
    assert story.start == Start.DELIVERED or story.steps() == []


def test_every_step_and_every_start_is_shown() -> None:
    assert {step for story in STORIES for _, _, step in story.steps()} == set(Step)
    assert {story.start for story in STORIES} == set(Start)
