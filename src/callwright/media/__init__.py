"""Sound as arithmetic over all legs at once: no IO, no clock."""
