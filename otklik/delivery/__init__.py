"""Outgoing orders: claimed, limited, sent, and never repeated blindly."""
