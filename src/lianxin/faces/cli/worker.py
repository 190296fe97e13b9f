"""`lianxin worker`: tick schedules, deliver messages, run jobs."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `worker` takes."""
    parser.add_argument(
        "--lane",
        choices=("quick", "long"),
        help="only this work: quick (schedules, messages, seals, sums) or long (imports, plans); both by default",
    )


def run(options: argparse.Namespace) -> int:
    """Work until stopped."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.platform.worker import Worker

    (Worker(lanes=(options.lane,)) if options.lane else Worker()).run()
    return 0
