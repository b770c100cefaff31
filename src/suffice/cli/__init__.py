"""The command line; `suffice.cli.main:run` is its entry."""
