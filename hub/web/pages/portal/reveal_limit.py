"""Whoever looks at many people in full within an hour proves again that it is they who look."""

from datetime import timedelta
from typing import Final

from hub.domain.errors import TooManyTries
from hub.services.accounts import attempts
from hub.services.accounts.attempts import Limit
from hub.web.access import face
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.visitors import current_staff, now_for_sessions

_HOUR: Final = timedelta(hours=1)
_PEOPLE: Final = Limit(name="reveals", amount=5, window=_HOUR)
# Somebody who was looked at already is looked at again freely.
_SAME_AGAIN: Final = Limit(name="reveals-of-one", amount=5, window=_HOUR)


def require_fresh_beyond_five(negotiation_id: str) -> bool:
    """Counts the reveal; beyond five people an hour asks `require_fresh_sign_in`, which says what it raises.

    Whether it is beyond five.
    """
    person, at = current_staff(), now_for_sessions()
    one = (_SAME_AGAIN, (person.id, negotiation_id))
    try:
        with face().hub.writing(person.actor) as tx:
            if not attempts.has_any(tx, *one, at=at):
                attempts.count(tx, [one, (_PEOPLE, (person.id,))], at=at)
    except TooManyTries:
        require_fresh_sign_in()
        return True
    return False
