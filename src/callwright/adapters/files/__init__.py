"""Files in one folder: media of accounts and REST logs."""
