"""The register of authorisations to deduct, their revocation by payee and account bank, and deductions reported.

No deduction is made or stopped here.
"""
