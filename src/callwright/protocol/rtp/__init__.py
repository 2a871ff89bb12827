"""Real-time transport: RFC 3550 packets and reports, RFC 4733 events."""
