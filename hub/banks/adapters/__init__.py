"""One file an adapter kind, each with `make(surroundings)`. They do not know each other."""
