import pytest

from hub.domain.errors import InvalidValue
from hub.jobs.port import MAX_KEY_LENGTH, Job


@pytest.mark.parametrize("field", ["name", "key", "argument", "queue", "partition"])
@pytest.mark.parametrize("text", [" padded", "x" * (MAX_KEY_LENGTH + 1)])
def test_a_job_with_a_field_nobody_could_find_again_is_refused(field: str, text: str) -> None:
    fields = {"name": "print", "key": "print:1", "argument": "1"} | {field: text}
    with pytest.raises(InvalidValue, match="job_field"):
        Job(**fields)


@pytest.mark.parametrize("field", ["name", "key", "argument", "queue"])
def test_a_job_without_a_field_is_refused(field: str) -> None:
    fields = {"name": "print", "key": "print:1", "argument": "1"} | {field: ""}
    with pytest.raises(InvalidValue, match="job_field"):
        Job(**fields)
