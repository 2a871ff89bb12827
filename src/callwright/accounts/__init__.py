"""Who is asking: identities, credentials, accounts."""
