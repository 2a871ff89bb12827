"""Wire formats and their state machines: no IO, no clock, no product words."""
