"""What of a bank's settings its cardholders are told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRulesShown:
    """What of the bank's settings a person is told."""

    max_counter_offers: int
    counter_offers_made: int
    complaint_channel: str
    response_days: int

    @property
    def counter_offers_left(self) -> int:
        """How many more counter-offers the bank takes."""
        return max(0, self.max_counter_offers - self.counter_offers_made)
