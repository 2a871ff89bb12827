"""Outbound and inbound services: schemas, validation, catalogue."""
