"""Session descriptions and their negotiation: RFC 8866 and RFC 3264."""
