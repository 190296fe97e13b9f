"""Registers of owners as the office's pages show them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import AssentRegister, Ballot, RegisterFlat, Vote
from lianxin.domain.voice.rules.registers import natural, plain_flat
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


def list_registers(
    *, actor: Actor, communities: Sequence[UUID] | None = None, words: str = ""
) -> QuerySet[AssentRegister]:
    """Give the registers in scope, newest first."""
    policy.require(policy.may_read_any(actor))
    rows = AssentRegister.objects.select_related("community").order_by("-made_at", "-pk")
    if communities is not None:
        rows = rows.filter(community__in=communities)
    return rows.filter(name__icontains=words) if words else rows


def find_register(*, actor: Actor, register: UUID) -> AssentRegister:
    """Give a register in scope; raises Missing."""
    row = AssentRegister.objects.select_related("community", "matter").filter(pk=register).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def find_flat(*, actor: Actor, flat: UUID) -> RegisterFlat:
    """Give a flat in scope with its register; raises Missing."""
    row = RegisterFlat.objects.select_related("register", "household").filter(pk=flat).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def flats_of(register: UUID, *, words: str = "") -> list[RegisterFlat]:
    """Give the flats of a register in the order in which people read them."""
    rows = RegisterFlat.objects.filter(register=register).select_related("household")
    if words:
        rows = rows.filter(flat__contains=plain_flat(words))
    return sorted(rows, key=lambda one: (natural(one.flat), one.flat))


def votes_on(register: UUID) -> list[Vote]:
    """Give the votes that stand on a register, newest first."""
    return list(Vote.objects.filter(register=register).order_by("-made_at", "-pk"))


def not_reached(vote: Vote) -> list[RegisterFlat]:
    """Give the flats that have not voted, those tried least first."""
    voted = Ballot.objects.filter(vote=vote, is_replaced=False, flat__isnull=False).values("flat")
    rows = RegisterFlat.objects.filter(register=vote.register_id).exclude(pk__in=voted)
    return sorted(rows, key=lambda one: (one.tries, natural(one.flat), one.flat))
