"""What each action of the page protocol does on a call; one file an action."""
