"""What requests ask for, read field by field."""
