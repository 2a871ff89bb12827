"""Claims service starts within the limits and runs them."""
