"""PDFs that nobody trusts: read, asked where they come from, and written anew as what their pages show."""
