"""Forgetting what need not be kept any longer."""

from datetime import datetime, timedelta

from lianxin.domain.points.commands.erasure import NO_WORDS
from lianxin.domain.points.models import Claim, ExpiryWarning, Objection
from lianxin.platform import scope
from lianxin.platform.clock import local_day

EVIDENCE_DAYS = 1095
WARNING_DAYS = 400
OBJECTION_DAYS = 1825


def forget_evidence(at: datetime) -> int:
    """Blank the words about the evidence of acts that lie three years back; the points and their line stay."""
    before = local_day(at) - timedelta(days=EVIDENCE_DAYS)
    with scope.everything():
        old = Claim.objects.filter(done_on__lt=before).exclude(evidence="", note="")
        return old.exclude(state=Claim.State.WAITING).update(evidence="", note="")


def forget_warnings(at: datetime) -> int:
    """Delete the notes of warnings about points that ended more than a year ago."""
    with scope.everything():
        return ExpiryWarning.objects.filter(expires_on__lt=local_day(at) - timedelta(days=WARNING_DAYS)).delete()[0]


def forget_objections(at: datetime) -> int:
    """Blank the words and the name of objections that were answered five years ago; how they ended stays."""
    with scope.everything():
        old = Objection.objects.filter(decided_at__lt=at - timedelta(days=OBJECTION_DAYS)).exclude(text=NO_WORDS)
        return old.update(text=NO_WORDS, person=None)
