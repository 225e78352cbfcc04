"""Every announced change, numbered per account without gaps."""
