"""What the inspection and its child tell each other is the same on both ends."""

import pytest

from hub.documents.inspection_messages import MESSAGE_SIZE, Answer, Task
from hub.domain.evidence import FileRejectionReason, MediaType


@pytest.mark.parametrize("media_type", list(MediaType))
def test_a_task_is_read_as_it_was_written(media_type: MediaType) -> None:
    task = Task(media_type=media_type, cpu_s=20, wall_s=0.5)
    assert Task.read(task.message()) == task


@pytest.mark.parametrize(
    "answer",
    [
        Answer(pages=3),
        Answer(copied_as=MediaType.PNG),
        *(Answer(reason=reason) for reason in FileRejectionReason),
        Answer(fault="MemoryError"),
    ],
    ids=repr,
)
def test_an_answer_is_read_as_it_was_written(answer: Answer) -> None:
    assert Answer.read(answer.message()) == answer
    assert len(answer.message()) < MESSAGE_SIZE
