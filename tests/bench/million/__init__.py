"""A million negotiations as they look after years of use, and what the hub does with so many."""
