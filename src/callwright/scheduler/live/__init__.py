"""What those hear who watch queues of callbacks."""
