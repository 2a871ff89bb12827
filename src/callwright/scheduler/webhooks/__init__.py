"""Events told to clients' URLs: what is sent, how it is signed, when it is tried again."""
