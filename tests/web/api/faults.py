"""The faults that a refusal of the API names."""

from typing import Any


def faults_of(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.data
    return {(each["pointer"], each["code"]) for each in answer.get_json()["errors"]}
