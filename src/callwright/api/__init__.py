"""The web services: HTTP to the steps and back."""
