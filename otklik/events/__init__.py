"""Every announced change, numbered per account as committed; a number may stay unused."""
