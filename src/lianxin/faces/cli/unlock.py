"""`lianxin unlock NAME`: open an account that was locked after five failures."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `unlock` takes."""
    parser.add_argument("login_name", help="the login name of the account")
    parser.add_argument("--reason", required=True, help="why; it is kept in the audit log")


def run(options: argparse.Namespace) -> int:
    """Unlock and say so."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.domain.people.commands.accounts import unlock_account
    from lianxin.domain.people.queries.accounts import find_account_by_login_name
    from lianxin.platform import clock
    from lianxin.platform.actors import Actor

    account = find_account_by_login_name(options.login_name)
    unlock_account(actor=Actor.system(via="cli"), account=account.pk, reason=options.reason, at=clock.now())
    print(f"{options.login_name} can log in again.")
    return 0
