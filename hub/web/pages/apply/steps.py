"""The steps of an application: their order, which part of the body each one fills, and how far each one is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from hub.domain.errors import Fault
from hub.domain.plain import Plain
from hub.web.catalogue import marked
from hub.web.pages.apply.draft_body import below
from hub.web.pages.translation import translate

HOW_MANY: Final = 7
UNFINISHED: Final = "unfinished"
"""Under this the draft keeps the forms, by step, that were left before they were sound: as they were typed."""
TO_MEND: Final = "to_mend"
"""Under this the draft keeps what was wrong, by step, in a form that was sent: told on the page that it leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of questions. `pointers` are the places of the body that it fills; `number` is of seven."""

    name: str
    number: int
    title: str
    task: str
    pointers: tuple[str, ...]

    @property
    def address(self) -> str:
        """Where it is."""
        return f"/apply/{self.name}"

    def faults(self, faults: Iterable[Fault]) -> list[Fault]:
        """Those of `faults` that this page can put right."""
        return below(faults, self.pointers)

    def is_begun(self, data: Plain) -> bool:
        """Whether the draft holds anything of it."""
        return any(_has(data, pointer) for pointer in self.pointers) or (
            self.name == "evidence" and bool(data.get("no_evidence"))
        )


def _has(data: Any, pointer: str) -> bool:
    for part in pointer.strip("/").split("/"):
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return data is not None and data != []


CARDS = Step(
    name="cards",
    number=1,
    title=marked("您想商量哪些欠款？"),
    task=marked("要协商的欠款"),
    pointers=("/accounts", "/loans"),
)
REASON = Step(
    name="reason",
    number=2,
    title=marked("是什么让还款变得困难？"),
    task=marked("遇到的困难"),
    pointers=("/hardship", "/support_needs"),
)
MONEY = Step(
    name="money",
    number=3,
    title=marked("每个月的收入和支出"),
    task=marked("每月收支"),
    pointers=("/finances",),
)
EVIDENCE = Step(
    name="evidence",
    number=4,
    title=marked("上传能说明您情况的材料"),
    task=marked("证明材料"),
    pointers=("/evidence",),
)
PLAN = Step(
    name="plan",
    number=5,
    title=marked("您希望每月还多少？"),
    task=marked("还款想法"),
    pointers=("/proposal", "/proposals"),
)
CONTACT = Step(
    name="contact",
    number=6,
    title=marked("怎样联系您，您同意什么"),
    task=marked("联系方式和同意事项"),
    pointers=("/applicant", "/contact", "/representative", "/consents"),
)
CHECKING = Step(
    name="check",
    number=7,
    title=marked("请核对后提交"),
    task=marked("核对并提交"),
    pointers=(),
)
STEPS: Final = (CARDS, REASON, MONEY, EVIDENCE, PLAN, CONTACT)
"""The steps that ask for something; `CHECKING` is the seventh."""

CHECK: Final = CHECKING.address
TASKS: Final = "/apply/steps"


def after(step: Step) -> str:
    """The address of the page behind `step`."""
    place = STEPS.index(step)
    return STEPS[place + 1].address if place + 1 < len(STEPS) else CHECK


def before(step: Step) -> str:
    """The address of the page before `step`."""
    place = STEPS.index(step) if step in STEPS else len(STEPS)
    return STEPS[place - 1].address if place else TASKS


def status_of(step: Step, data: Plain, faults: Iterable[Fault]) -> str:
    """done, doing or todo; later for what waits for the cards."""
    if step.name in data.get(UNFINISHED, {}):
        return "doing"
    if not step.is_begun(data):
        is_open = step is CARDS or CARDS.is_begun(data)
        return "todo" if is_open else "later"
    return "doing" if step.faults(faults) else "done"


def tasks(data: Plain, faults: Iterable[Fault]) -> list[tuple[str, str, str]]:
    """(name, address, status) of every step, in order; the last look comes once all others are done."""
    found = list(faults)
    listed = [(step, status_of(step, data, found)) for step in STEPS]
    is_ready = all(status == "done" for _, status in listed)
    listed.append((CHECKING, "todo" if is_ready else "later"))
    return [(translate(step.task), step.address, status) for step, status in listed]
