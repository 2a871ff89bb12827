"""One attempt of a task: begun, queued as a start, run on its calls, settled."""
