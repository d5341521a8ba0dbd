"""People at banks, as a service is given them."""

from hub.domain.staff import Role
from hub.services.accounts.staff import Staff


def somebody_at(bank_code: str, role: Role = Role.REVIEWER, id_: str = "reviewer") -> Staff:
    """A person at the bank who has signed in."""
    return Staff(id=id_, bank_code=bank_code, role=role, email=f"{id_}@{bank_code}.example", name="", is_demo=False)
