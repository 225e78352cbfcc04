"""The other side of the messengers: their servers, and the people who write through them."""
