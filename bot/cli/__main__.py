"""`python -m bot.cli`: the `helpdesk` command without its installed script."""

from bot.cli import main

if __name__ == "__main__":
    main()
