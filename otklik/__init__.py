"""Otklik: every place where customers write becomes one queue."""
