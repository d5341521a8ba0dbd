"""What an operator is shown over all banks, by page, command and metric.

Nothing here holds a person's data: negotiations are named by their references, and what others wrote is scrubbed.
"""

from typing import Final

MOST_SHOWN: Final = 200
"""So many of a kind are shown at once."""
