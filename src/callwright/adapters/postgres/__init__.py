"""The store in one PostgreSQL database that any number of nodes share."""
