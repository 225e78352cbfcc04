"""The hot path: webhook, append, dispatch, live. Nothing else."""
