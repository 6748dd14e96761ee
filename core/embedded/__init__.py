"""The parts of `core.embedded_postgres`: where things lie, which binaries run, who is there, and the server itself."""
