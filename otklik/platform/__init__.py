"""The input and output kit: it knows no business word."""
