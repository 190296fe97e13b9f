"""`lianxin worker`: tick schedules, deliver messages, run jobs."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(options: argparse.Namespace) -> int:
    """Work until stopped."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.platform.worker import Worker

    Worker().run()
    return 0
