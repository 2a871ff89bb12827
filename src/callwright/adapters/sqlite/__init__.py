"""The store in one SQLite file: one writer, durable when it says so."""
