"""Applications on their way in: drafts, intake, who the applicant is, screening, and those that come as signed pairs.

What a bank or a person does with an open negotiation is not here; see `negotiations`.
"""
