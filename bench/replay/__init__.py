"""Recorded dialogues played as customers, with a journal that proves what became of every word."""
