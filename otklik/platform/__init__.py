"""The I/O kit: database, files, outgoing HTTP, settings, telemetry. Knows no business word."""
