"""The API's routes, a file a noun."""
