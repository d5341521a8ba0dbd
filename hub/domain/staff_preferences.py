"""How a person at a bank wants to work: which mails can be done without, and whether keys are shortcuts.

What is due or late is told whatever is chosen here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPreferences:
    """What a person at a bank chose.

    `daily_digest`: the list of each working day's morning. `assigned_mails`: a mail when cases are handed over.
    `keyboard`: single keys do something in lists and cases (WCAG 2.2, 2.1.4 asks that they can be turned off).
    """

    daily_digest: bool = True
    assigned_mails: bool = True
    keyboard: bool = True
