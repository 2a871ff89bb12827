"""Files of accounts: what may be uploaded, and under which names."""
