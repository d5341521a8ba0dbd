"""Licensed partners and referrals to them: shown, consented to, handed over, answered, revoked.

No fee is taken and nobody is ranked: partners stand by their names.
"""
