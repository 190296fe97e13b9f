"""`lianxin`: one sub-command per file; each module has `add_arguments(parser)` and `run(options) -> int`."""

import argparse
import importlib
import os
import sys

COMMANDS = {
    "up": "install what is missing in the database, then serve the district until stopped",
    "init": "set up a first real district: divisions, calendar and the first administrators, no sample",
    "demo": "build the sample district through the real commands",
    "import": "check and enter a workbook from the command line",
    "needs": "suggest categories and near repeats for a list of wishes, without a database",
    "figures": "print every figure of a period and place, or hand a district's tallies up",
    "verify": "recompute every figure, seal and index and name the first difference",
    "projects": "match needs with offers from a file, without a database",
    "voice": "draw an opinion map or recompute owners' assent from a file, without a database",
    "passbooks": "write the passbooks of points for an outside verifier",
    "backup": "write everything to one archive",
    "restore": "bring an archive back onto an empty machine",
    "doctor": "look for what would stop this deployment from working well",
    "unlock": "open an account that was locked after five failures",
    "keys": "show, rotate and renew the keys that seal sensitive fields",
    "serve": "serve the pages alone",
    "worker": "run the worker alone",
}
# What follows `figures` and is no figure's name.
FEED_WORDS = {"export", "key", "trust", "import", "feeds"}


def main(arguments: list[str] | None = None) -> int:
    """Run one sub-command; a problem is a sentence on stderr and exit code 1, wrong usage exits with 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
    parser = argparse.ArgumentParser(prog="lianxin", description="Lianxin 连心")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    argv = sys.argv[1:] if arguments is None else arguments
    asked = next((word for word in argv if word in COMMANDS), None)
    for name, text in COMMANDS.items():
        sub = subparsers.add_parser(name, help=text, description=text)
        if name == asked:
            module = importlib.import_module(f"lianxin.faces.cli.{_module(name, argv)}")
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    options = parser.parse_args(argv)
    try:
        return int(options.run(options) or 0)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _told(error):
            raise
        return 1


def _told(error: Exception) -> bool:
    """Print what a foreseen problem says; Django is not loaded for a command that went well without it."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from lianxin.platform.bad_luck import met
    from lianxin.platform.errors import Problem

    error = met(error) or error
    if isinstance(error, Problem):
        print(f"lianxin: {error.detail}", file=sys.stderr)
        for name, sentences in error.fields.items():
            for sentence in sentences:
                print(f"  {name}: {sentence}", file=sys.stderr)
    elif isinstance(error, ImproperlyConfigured):
        print(f"lianxin: {error}", file=sys.stderr)
    elif isinstance(error, DatabaseError):
        print(f"lianxin: the database says: {str(error).strip()}", file=sys.stderr)
        print("`lianxin doctor` tells more.", file=sys.stderr)
    else:
        return False
    return True


def _module(name: str, argv: list[str]) -> str:
    if name == "figures" and FEED_WORDS.intersection(argv[argv.index(name) + 1 :][:1]):
        return "figures_feeds"
    return "import_" if name == "import" else name


if __name__ == "__main__":
    sys.exit(main())
