"""The other side of the messengers: servers that speak their protocols, and people who write through them."""
