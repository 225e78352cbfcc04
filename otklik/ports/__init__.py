"""Contracts that adapters fulfil. Pure."""
