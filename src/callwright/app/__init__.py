"""The one place that knows every name."""
