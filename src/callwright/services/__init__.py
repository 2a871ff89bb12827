"""Outbound services: schema, validation, catalogue."""
