"""Review remarks that became checks; each rule is one small file."""
