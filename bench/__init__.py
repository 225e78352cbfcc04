"""Speeds and sizes of the whole installation, each beside the limit measured in the same run."""
