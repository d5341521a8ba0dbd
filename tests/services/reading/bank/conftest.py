"""A negotiation that a bank has just received."""

import pytest

from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation in the queue of ICBC."""
    return open_case()
