"""SIP without IO: RFC 3261, 3326, 3581 and 6026, entered through `endpoint`."""
