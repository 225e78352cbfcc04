"""All SQL of accounts, one module per kind of thing."""
