"""`python -m callwright` is the command `callwright`."""

from callwright.app.command_line import main

if __name__ == "__main__":
    main()
