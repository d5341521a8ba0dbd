"""Exports as services: asked for, approved, made, taken and gone."""
