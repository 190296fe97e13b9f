"""The programs that may bring cases."""

from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.voice.models import Program
from lianxin.platform.errors import Missing


def list_programs() -> QuerySet[Program]:
    """Give all programs, the last one let in first."""
    return Program.objects.order_by("-pk")


def find_program(pk: UUID) -> Program:
    """Give one program; raises Missing."""
    row = Program.objects.filter(pk=pk).first()
    if row is None:
        raise Missing
    return row
