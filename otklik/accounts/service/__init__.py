"""What people do with accounts: sign in, invite, make keys."""
