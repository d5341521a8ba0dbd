"""Bills, and what is told of them."""
