"""Service starts waiting for their turn: durable, ordered, cancellable."""
