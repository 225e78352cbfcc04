"""What builds, checks and runs the project; standard library only where it bootstraps."""
