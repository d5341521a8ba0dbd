"""Appointments with a bank's own people: when they can be met, who comes, and what they report.

No money changes hands here, and nobody collects.
"""
