"""What one bank is given of an application: its own accounts, proposal and consents, and what all banks read.

Of every version that was submitted one is kept, sealed, as `hub.domain.plain.to_plain` writes it. The files that came
with it are rows of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

from cattrs import override

from hub.domain.affordability import Finances
from hub.domain.amounts import Amounts, owed_fen
from hub.domain.application import (
    Account,
    Applicant,
    Application,
    Channel,
    Consent,
    Contact,
    Correction,
    EvidenceReference,
    Hardship,
    Representative,
    SupportNeed,
)
from hub.domain.consent import Purpose
from hub.domain.issuers import same_bank
from hub.domain.loan import LoanAccount, share_of
from hub.domain.masks import card_last4, mask_card, mask_id, mask_mobile, mask_name
from hub.domain.missing_papers import missing_papers
from hub.domain.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One version of what one bank is given.

    `missing_papers` names what no file shows, as `hub.domain.missing_papers` found it when this version was submitted.
    """

    channel: Channel
    applicant: Applicant
    accounts: tuple[Account, ...]
    hardship: Hardship
    finances: Finances
    proposal: Proposal
    consents: tuple[Consent, ...] = ()
    missing_papers: tuple[str, ...] = ()
    support_needs: tuple[SupportNeed, ...] = ()
    contact: Contact | None = None
    representative: Representative | None = None
    loans: Annotated[tuple[LoanAccount, ...], override(omit_if_default=True)] = ()

    @property
    def debts(self) -> tuple[Amounts, ...]:
        """What is owed on each card, then on each loan."""
        return (*self.accounts, *self.loans)

    @property
    def owed_fen(self) -> int:
        """All that the person says is owed to the bank."""
        return owed_fen(self.debts)

    @property
    def card_numbers(self) -> tuple[str, ...]:
        """The full numbers of the cards, in the order of the accounts."""
        return tuple(each.card_number for each in self.accounts)

    @property
    def ends(self) -> tuple[str, ...]:
        """The last four of each card and of each loan's contract."""
        return (*map(card_last4, self.card_numbers), *self.contract_ends)

    @property
    def contract_ends(self) -> tuple[str, ...]:
        """The last four signs of the loans' contracts, in the order of the loans."""
        return tuple(each.contract_last4 for each in self.loans)


def submission_to(application: Application, bank_code: str, proposal: Proposal) -> Submission:
    """What the bank is given of the application; either code of a bank serves for both."""
    return Submission(
        channel=application.channel,
        applicant=application.applicant,
        accounts=tuple(each for each in application.accounts if same_bank(each.bank_code, bank_code)),
        hardship=application.hardship,
        finances=application.finances,
        proposal=proposal,
        consents=tuple(each for each in application.consents if _concerns(each, bank_code)),
        missing_papers=_missing(application.hardship, application.evidence),
        support_needs=application.support_needs,
        contact=application.contact,
        representative=application.representative,
        loans=tuple(share for each in application.loans if (share := share_of(each, bank_code)) is not None),
    )


def _missing(hardship: Hardship, files: Iterable[EvidenceReference]) -> tuple[str, ...]:
    return tuple(missing_papers(hardship.reasons, (each.kind for each in files)))


def _concerns(consent: Consent, bank_code: str) -> bool:
    if consent.purpose != Purpose.SHARE_WITH_BANK:
        return True
    return consent.bank_code is not None and same_bank(consent.bank_code, bank_code)


def without_what_is_withheld(submission: Submission) -> Submission:
    """What is left for the bank once the person took back their consent: what is owed to it, the plan wished, masks.

    Words, reasons, ways to reach the person and whoever helps them are gone; name and numbers are as on any outer page.
    The month stays in the value, since a submission has one: whoever shows the rest to a bank leaves it out.
    """
    applicant = replace(
        submission.applicant,
        name=mask_name(submission.applicant.name),
        id_number=mask_id(submission.applicant.id_number),
        mobile=mask_mobile(submission.applicant.mobile),
        email=None,
    )
    return replace(
        submission,
        applicant=applicant,
        accounts=tuple(replace(each, card_number=mask_card(each.card_number)) for each in submission.accounts),
        loans=tuple(replace(each, platform_name="") for each in submission.loans),
        hardship=Hardship(reasons=()),
        proposal=replace(submission.proposal, note=""),
        missing_papers=(),
        support_needs=(),
        contact=None,
        representative=None,
    )


def corrected(submission: Submission, correction: Correction) -> Submission:
    """The submission with what was put right in the place of what was wrong."""
    helper, listed = submission.representative, {each.id for each in correction.evidence}
    if helper is not None and helper.authority_evidence not in listed:
        helper = replace(helper, authority_evidence=None)
    shared = {each.contract_last4 for each in submission.loans if each.is_share}
    return replace(
        submission,
        representative=helper,
        accounts=correction.accounts,
        loans=tuple(replace(each, is_share=each.contract_last4 in shared) for each in correction.loans),
        finances=correction.finances,
        missing_papers=_missing(submission.hardship, correction.evidence),
    )
