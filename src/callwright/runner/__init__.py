"""Runs web applications: page, actions, next page."""
