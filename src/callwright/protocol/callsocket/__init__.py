"""Calls to WebSockets: the JSON messages, who may send what when, and the plays that wait."""
