"""What the points module registers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people import events as people_events
from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.points.commands import (
    award_imports,
    book_mergers,
    erasure,
    estates,
    expiry,
    households,
    keeping,
    notices,
    opening,
    passbooks,
    take_overs,
)
from lianxin.domain.points.ledger import sealing
from lianxin.domain.points.queries import checks, measures
from lianxin.domain.points.queries import seals as seal_queries
from lianxin.platform import clock, leases, locks
from lianxin.platform.contributions import (
    Check,
    Consequence,
    Contribution,
    Measure,
    PersonalData,
    Reference,
    Retention,
    SamplePart,
    Schedule,
)
from lianxin.platform.tasks import LONG, Running, task


@task("points.expire", lane=LONG)
def expire(job: Running) -> None:
    """Do the day's work on points whose time is over or nearly over."""
    at = clock.now()
    expiry.expire_points(actor=job.actor, at=at)
    estates.end_estates(actor=job.actor, at=at)
    expiry.warn_of_expiry(actor=job.actor, at=at)


@task("points.post_take_overs", lane=LONG)
def post_take_overs(job: Running) -> None:
    """Post the take-overs whose notice is over."""
    opening.post_due_take_overs(actor=job.actor, at=clock.now())


@task("points.publish_awards")
def publish_awards(job: Running) -> None:
    """Show the awards of the weeks that are over."""
    notices.publish_weekly(actor=job.actor, at=clock.now(), tell=job.progress)


@task("points.end_notices")
def end_notices(job: Running) -> None:
    """End the notices whose days are over."""
    notices.end_notices(actor=job.actor, at=clock.now())


@task("points.seal")
def seal(job: Running) -> None:
    """Seal every book that has something unsealed; a worker that died holds the others up for two minutes at most."""
    holder = f"{job.worker}:{job.id}"
    sealing.seal_all(holder=holder, at=clock.now())
    leases.release("points.seal", holder=holder)


def _seals() -> Iterator[str]:
    return seal_queries.check_seals(at=clock.now())


CONTRIBUTION = Contribution(
    module="points",
    consequences=(
        Consequence(people_events.HouseholdSplit, households.follow_split, households.preview_split, locks.ACCOUNT),
        Consequence(people_events.HouseholdsMerged, households.follow_merge, households.preview_merge, locks.ACCOUNT),
        Consequence(people_events.HouseholdMoved, households.follow_move, households.preview_move, locks.ACCOUNT),
        Consequence(people_events.PersonMovedHousehold, households.follow_person_move, households.preview_person_move),
        Consequence(people_events.HouseholdClosed, estates.follow_close, estates.preview_close, locks.ACCOUNT),
        Consequence(people_events.PersonErased, erasure.follow_erasure, erasure.preview_erasure),
        Consequence(people_events.ConsentWithdrawn, erasure.follow_withdrawal, erasure.preview_withdrawal),
        Consequence(people_events.PersonMerged, erasure.follow_person_merge, erasure.preview_person_merge),
        Consequence(DivisionsMerged, book_mergers.follow_merge, book_mergers.preview_merge, locks.ACCOUNT),
    ),
    personal_data=(PersonalData("points", erasure.export_rows, erasure.erase_rows),),
    measures=(
        Measure(
            "points_awarded",
            _("Points awarded"),
            _("points"),
            "flow",
            measures.points_awarded,
            "points.Txn",
            _("Points given for acts, on the day of the act; what is taken back counts on the day it is."),
        ),
        Measure(
            "points_redeemed",
            _("Points redeemed"),
            _("points"),
            "flow",
            measures.points_redeemed,
            "points.Txn",
            _("Points spent in the service supermarket, less those given back for returned goods."),
        ),
        Measure(
            "points_expired",
            _("Points expired"),
            _("points"),
            "flow",
            measures.points_expired,
            "points.Txn",
            _("Points whose last day was over before they were spent."),
        ),
        Measure(
            "passbooks",
            _("Passbooks"),
            _("households"),
            "level",
            measures.passbooks,
            "points.Passbook",
            _("Households with a valid passbook on the last day."),
            rows=measures.valid_passbooks,
            per="account",
        ),
        Measure(
            "points_outstanding",
            _("Points in passbooks"),
            _("points"),
            "level",
            measures.points_outstanding,
            "points.Account",
            _("What all households have in their passbooks, kept aside or free."),
            rows=measures.filled_passbooks,
            amount="had",
        ),
    ),
    checks=(
        Check("passbooks' balances agree", checks.balances_agree),
        Check("passbooks' lines are chained", checks.chains_hold),
        Check("seals of passbooks hold", _seals),
        Check("awards are those of their claims", checks.claims_agree),
        Check("counters of caps are those of claims", checks.counters_agree),
        Check("caps hold", checks.caps_hold),
        Check("derived balances agree", checks.derived_balances_agree),
        Check("closed periods are as they were signed", checks.periods_agree),
        Check("booklets and accounts agree", checks.passbooks_agree),
        Check("facts of points are those of the ledger", checks.facts_agree, of_facts=True),
    ),
    retention=(
        Retention("evidence of acts", keeping.EVIDENCE_DAYS, keeping.forget_evidence),
        Retention("warnings before points expire", keeping.WARNING_DAYS, keeping.forget_warnings),
        Retention("words of objections", keeping.OBJECTION_DAYS, keeping.forget_objections),
    ),
    searchables=(passbooks.passbook_entries,),
    schedules=(
        Schedule("points: expiry", task="points.expire", daily_at=time(0, 20)),
        Schedule("points: post take-overs", task="points.post_take_overs", daily_at=time(0, 30)),
        Schedule("points: notices of awards", task="points.publish_awards", daily_at=time(1, 0)),
        Schedule("points: end notices", task="points.end_notices", daily_at=time(0, 5)),
        Schedule("points: seal", task="points.seal", every=timedelta(minutes=1)),
    ),
    references=(
        Reference("points.Claim", "household", "household"),
        Reference("points.Claim", "person", "person"),
        Reference("points.DeclaredRelative", "household", "household"),
        Reference("points.DeclaredRelative", "account", "account"),
        Reference("points.HonourEntry", "household", "household"),
        Reference("points.HonourOptOut", "household", "household"),
        Reference("points.Objection", "person", "person"),
        Reference("points.Passbook", "household", "household"),
        Reference("points.TakeOverLine", "household", "household"),
    ),
    run_kinds=(award_imports.RUN_KIND, take_overs.RUN_KIND),
    sample=(SamplePart("passbooks", "lianxin.domain.points.sample.parts:build_passbooks", order=110, background=True),),
)
