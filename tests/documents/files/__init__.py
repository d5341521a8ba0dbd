"""Files as strangers send them, made by code: honest, odd and hostile, each with the verdict that it is to get."""
