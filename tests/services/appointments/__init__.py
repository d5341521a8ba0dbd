"""Appointments as services keep them."""
