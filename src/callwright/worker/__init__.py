"""The media worker: one process a core, the only place where packets and samples meet."""
