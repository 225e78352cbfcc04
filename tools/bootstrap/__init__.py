"""From a fresh clone to a machine that can run, build and test Otklik."""
