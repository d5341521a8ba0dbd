"""Banks as outside parties: one port, one wire form of the packet, one file an adapter."""
