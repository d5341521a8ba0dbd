"""Errors as another system is told of them, whose words go through its adapter."""

from hub.banks.port import Refusal
from hub.domain.errors import HubError
from hub.web.problems import problem_of
from hub.web.sentences import Locale


def refusal_of(error: HubError, locale: Locale) -> Refusal:
    """The error in words of that language; one that is none of the other system's business comes out again."""
    problem = problem_of(error)
    if problem is None:
        raise error
    document = problem.plain(locale)
    faults = "; ".join(f"{fault.pointer}: {fault.code}" for fault in problem.faults)
    return Refusal(
        code=problem.code, text=f"{document['detail']} {faults}".strip(), status=problem.status, problem=document
    )
