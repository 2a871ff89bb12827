"""What is kept: facts folded into data records, and told back."""
