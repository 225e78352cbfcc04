"""Words every layer shares: ids, clock, errors, text. Pure: imports nothing from the product."""
