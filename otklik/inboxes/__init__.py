"""Connected accounts of channels: their settings, secrets and state."""
