"""Accounts, operators, how they sign in, and API keys."""
