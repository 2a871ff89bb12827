"""Values and rules; imports nothing but the standard library's types."""
