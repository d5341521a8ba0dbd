"""The answers of each week that is over are counted once, so that no page counts what many weeks hold."""

from hub.domain.actor import HUB
from hub.domain.answers import span_of, weeks_until
from hub.services.transaction import Transactions
from storage import answers, banks


def count_weeks(transactions: Transactions) -> int:
    """Every week that is over and is looked back on is counted for every bank; gives how many were counted now."""
    with transactions.reading(HUB) as tx:
        over = weeks_until(tx.now)[:-1]
        missing = [
            (bank.code, week)
            for bank in banks.list_banks(tx)
            for known in [answers.kept_weeks(tx, bank.code, over)]
            for week in over
            if week not in known
        ]
    for bank_code, week in missing:
        with transactions.writing(HUB) as tx:
            answers.hold(tx, bank_code)
            # Another worker may have counted it meanwhile.
            if not answers.kept_weeks(tx, bank_code, [week]):
                answers.keep_week(tx, bank_code, week, answers.count_span(tx, bank_code, *span_of(week)))
    return len(missing)
