"""Registers of owners: drawn up by hand or from a file, fixed before a vote opens, unchanged from then on."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.models import AssentRegister, Matter, RegisterFlat, Vote
from lianxin.domain.voice.rules import registers as rules
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.models import Run

State = AssentRegister.State
NAME_LONGEST = 80
RUN_KIND_NAME = "voice.register"
# Their owners' names were replaced by numbers when their time was over.
WITHOUT_NAMES = "names-removed"


class RegisterFixed(Refused):
    """Flats and owners of a fixed register do not change."""

    title = gettext_lazy("This register is fixed. Release it first, or make a copy of it and change that.")


class RegisterInUse(Refused):
    """A vote stands on the register."""

    title = gettext_lazy("A vote stands on this register, so it stays as it is. Make a copy of it and change that.")


class RegisterEmpty(Refused):
    """There is no flat in the register."""

    title = gettext_lazy("There is no flat in this register yet.")


class ImportRuns(Refused):
    """Rows are being entered or taken back just now."""

    title = gettext_lazy("An import of this register is at work just now. Try again when it is through.")


@command("voice.draft_register")
def draft(
    *,
    actor: Actor,
    community: UUID,
    name: str,
    source_words: str = "",
    matter: UUID | None = None,
    at: datetime,
    is_sample: bool = False,
    key: UUID | None = None,
) -> AssentRegister:
    """Begin a register of a building or an estate."""
    policy.require(policy.may_keep(actor, community))
    division = found.community(community)
    row = AssentRegister.objects.create(
        community=division,
        matter=_matter(matter, division.pk),
        name=_name(name),
        source_words=source_words.strip()[:200],
        made_at=at,
        made_by=actor.account,
        is_sample=is_sample,
    )
    act().target(row, "drafted", {"name": [None, row.name]})
    return row


@command("voice.change_register")
def change(
    *, actor: Actor, register: UUID, name: str, source_words: str = "", at: datetime, key: UUID | None = None
) -> AssentRegister:
    """Change what a register is called and where it comes from."""
    row = _locked(actor, register)
    before, row.name, row.source_words = row.name, _name(name), source_words.strip()[:200]
    row.save(update_fields=["name", "source_words"])
    act().target(row, "changed", {"name": [before, row.name]})
    return row


@command("voice.copy_register")
def copy(*, actor: Actor, register: UUID, name: str, at: datetime, key: UUID | None = None) -> AssentRegister:
    """Begin a register with the flats of another one."""
    row = _locked(actor, register)
    made = AssentRegister.objects.create(
        community=row.community,
        matter=row.matter,
        name=_name(name),
        flats=row.flats,
        area_dm2=row.area_dm2,
        source_words=row.source_words,
        made_at=at,
        made_by=actor.account,
        is_sample=row.is_sample,
    )
    field = RegisterFlat._meta.get_field("owners")
    RegisterFlat.objects.bulk_create(
        [
            RegisterFlat(
                community_id=row.community_id,
                register=made,
                flat=one.flat,
                area_dm2=one.area_dm2,
                owners=field.seal(one.owners.reveal()),  # type: ignore[union-attr]
                owners_count=one.owners_count,
                household_id=one.household_id,
            )
            for one in RegisterFlat.objects.filter(register=row)
        ],
        batch_size=500,
    )
    act().target(made, "copied", {"name": [row.name, made.name]})
    return made


@command("voice.add_flat")
def add_flat(
    *,
    actor: Actor,
    register: UUID,
    flat: str,
    area: str,
    owners: str,
    household: str = "",
    at: datetime,
    key: UUID | None = None,
) -> RegisterFlat:
    """Put one flat into a register that is being drawn up."""
    row = _draft(actor, register)
    values = _values(row, flat, area, owners, household)
    made = RegisterFlat.objects.create(community_id=row.community_id, register=row, **values)
    recount(row)
    act().target(row, "flat added", {"flat": [None, made.flat], "area": [None, made.area_dm2]})
    return made


@command("voice.edit_flat")
def edit_flat(
    *,
    actor: Actor,
    flat_row: UUID,
    flat: str,
    area: str,
    owners: str,
    household: str = "",
    at: datetime,
    key: UUID | None = None,
) -> RegisterFlat:
    """Correct one flat of a register that is being drawn up."""
    row = _draft(actor, _register_of(flat_row))
    one = found.locked(RegisterFlat, flat_row)
    before = one.area_dm2
    for name, value in _values(row, flat, area, owners, household, but=one.pk).items():
        setattr(one, name, value)
    one.save(update_fields=["flat", "area_dm2", "owners", "owners_count", "household"])
    recount(row)
    act().target(row, "flat changed", {"flat": [one.flat, one.flat], "area": [before, one.area_dm2]})
    return one


@command("voice.remove_flat")
def remove_flat(*, actor: Actor, flat_row: UUID, at: datetime, key: UUID | None = None) -> AssentRegister:
    """Take one flat out of a register that is being drawn up."""
    row = _draft(actor, _register_of(flat_row))
    one = found.locked(RegisterFlat, flat_row)
    name = one.flat
    one.delete()
    recount(row)
    act().target(row, "flat removed", {"flat": [name, None]})
    return row


@command("voice.fix_register")
def fix(*, actor: Actor, register: UUID, at: datetime, key: UUID | None = None) -> AssentRegister:
    """Fix a register: from now on its flats, areas and owners stay as they are."""
    row = _locked(actor, register)
    if row.state == State.FIXED:
        return row
    _no_import(row)
    recount(row)
    if not row.flats:
        raise RegisterEmpty
    row.state, row.fixed_at = State.FIXED, at
    row.save(update_fields=["state", "fixed_at"])
    act().target(row, "fixed", {"state": [State.DRAFT, State.FIXED], "flats": [None, row.flats]})
    return row


@command("voice.release_register")
def release(*, actor: Actor, register: UUID, at: datetime, key: UUID | None = None) -> AssentRegister:
    """Let a fixed register be changed again while no vote that opened stands on it."""
    row = _locked(actor, register)
    if row.state == State.DRAFT:
        return row
    if Vote.objects.filter(register=row).exclude(state=Vote.State.DRAFT).exists():
        raise RegisterInUse
    row.state, row.fixed_at = State.DRAFT, None
    row.save(update_fields=["state", "fixed_at"])
    act().target(row, "released", {"state": [State.FIXED, State.DRAFT]})
    return row


@command("voice.note_try")
def note_try(
    *, actor: Actor, flat_row: UUID, reach: str, tried_at: datetime | None = None, at: datetime, key: UUID | None = None
) -> RegisterFlat:
    """Note that somebody tried to reach the owners of a flat, and how that went."""
    one = found.locked(RegisterFlat, flat_row)
    policy.require(policy.may_take_down(actor, one.community_id))
    if reach not in RegisterFlat.Reach.values:
        raise Invalid(fields={"reach": [_("Choose how it went.")]})
    when = tried_at or at
    if when > at:
        raise Invalid(fields={"tried_at": [_("This lies in the future.")]})
    before, one.reach = one.reach, reach
    one.tries += 1
    one.tried_at = when
    one.save(update_fields=["reach", "tries", "tried_at"])
    act().target(one, "tried", {"reach": [before, reach], "tries": [one.tries - 1, one.tries]})
    return one


def recount(row: AssentRegister) -> None:
    """Count a register's flats and areas anew, inside a command."""
    sums = RegisterFlat.objects.filter(register=row).aggregate(n=Count("pk"), area=Sum("area_dm2"))
    row.flats, row.area_dm2 = sums["n"] or 0, sums["area"] or 0
    row.save(update_fields=["flats", "area_dm2"])


def _locked(actor: Actor, register: UUID) -> AssentRegister:
    row: AssentRegister = found.locked(AssentRegister, register)
    policy.require(policy.may_keep(actor, row.community_id))
    return row


def _draft(actor: Actor, register: UUID) -> AssentRegister:
    row = _locked(actor, register)
    if row.state == State.FIXED:
        raise RegisterFixed
    _no_import(row)
    return row


def _no_import(row: AssentRegister) -> None:
    """Refuse while the worker enters rows or takes them back."""
    busy = [Run.State.APPLYING, Run.State.UNDOING]
    if Run.objects.filter(kind=RUN_KIND_NAME, state__in=busy, options__register=str(row.pk)).exists():
        raise ImportRuns


def _register_of(flat_row: UUID) -> UUID:
    pk = RegisterFlat.objects.filter(pk=flat_row).values_list("register_id", flat=True).first()
    if pk is None:
        raise Missing
    return pk


def _values(
    row: AssentRegister, flat: str, area: str, owners: str, household: str, *, but: UUID | None = None
) -> dict[str, object]:
    number = rules.plain_flat(flat)
    exact, wrong_area = rules.read_area(area)
    names, wrong_owners = rules.read_owners(owners)
    home = Household.objects.filter(community=row.community_id, number=household.strip()).first() if household else None
    wrong: dict[str, list[str]] = {}
    if not number or len(number) > rules.FLAT_LONGEST:
        wrong["flat"] = [_("Give a flat of at most %(most)d characters.") % {"most": rules.FLAT_LONGEST}]
    elif set(RegisterFlat.objects.filter(register=row, flat=number).values_list("pk", flat=True)) - {but}:
        wrong["flat"] = [_("%(flat)s is in the register already.") % {"flat": number}]
    if wrong_area:
        wrong["area"] = [wrong_area]
    if wrong_owners:
        wrong["owners"] = [wrong_owners]
    if household.strip() and home is None:
        wrong["household"] = [_("There is no household with this number.")]
    if wrong:
        raise Invalid(fields=wrong)
    field = RegisterFlat._meta.get_field("owners")
    sealed = field.seal("、".join(names))  # type: ignore[union-attr]
    return {"flat": number, "area_dm2": exact, "owners": sealed, "owners_count": len(names), "household": home}


def _name(text: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > NAME_LONGEST:
        raise Invalid(fields={"name": [_("Give a name of at most %(most)d characters.") % {"most": NAME_LONGEST}]})
    return plain


def _matter(matter: UUID | None, community: UUID) -> Matter | None:
    if matter is None:
        return None
    row = locks.lock_one(Matter.objects.filter(pk=matter, community=community))
    if row is None:
        raise Missing
    return row  # type: ignore[no-any-return]
