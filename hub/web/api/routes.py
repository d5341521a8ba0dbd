"""All routes of the API, put into an app."""

from flask import Flask

from hub.web.api import (
    amendments,
    applications,
    bank_accounts,
    bank_agreements,
    bank_amendments,
    bank_bills,
    bank_clearances,
    bank_debts,
    bank_desk,
    bank_mandates,
    bank_negotiations,
    bank_offers,
    bill_consents,
    bills,
    calculations,
    clearances,
    collection_reports,
    complaints,
    consents,
    credit_notes,
    directory,
    docs_page,
    documents,
    evidence,
    figures,
    instalment_estimates,
    launches,
    log_heads,
    mandates,
    negotiations,
    offers,
    people,
    proposed_accounts,
    referrals,
    revocations,
    tokens,
)
from hub.web.api.describing import open_api

_BLUEPRINTS = (
    evidence.blueprint,
    applications.blueprint,
    negotiations.blueprint,
    offers.blueprint,
    proposed_accounts.blueprint,
    collection_reports.blueprint,
    complaints.blueprint,
    consents.blueprint,
    credit_notes.blueprint,
    amendments.blueprint,
    clearances.blueprint,
    documents.blueprint,
    figures.blueprint,
    calculations.blueprint,
    instalment_estimates.blueprint,
    directory.blueprint,
    launches.blueprint,
    log_heads.blueprint,
    people.blueprint,
    bills.blueprint,
    bill_consents.blueprint,
    bank_bills.blueprint,
    referrals.blueprint,
    mandates.blueprint,
    revocations.blueprint,
    bank_negotiations.blueprint,
    bank_accounts.blueprint,
    bank_debts.blueprint,
    bank_desk.blueprint,
    bank_mandates.blueprint,
    bank_offers.blueprint,
    bank_agreements.blueprint,
    bank_amendments.blueprint,
    bank_clearances.blueprint,
)


def install(app: Flask) -> None:
    """Tokens, the API, its OpenAPI document and the page that shows it are there."""
    app.register_blueprint(tokens.blueprint)
    open_api(app, _BLUEPRINTS)
    app.register_blueprint(docs_page.blueprint)
