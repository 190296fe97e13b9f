"""A register of owners from a workbook as a kind of run: taken whole or not at all, undone while no vote needs it."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, registers
from lianxin.domain.voice.models import AssentRegister, Ballot, RegisterFlat
from lianxin.domain.voice.rules.registers import COLUMNS, RegisterReader, RegisterRow, unpack
from lianxin.platform import runs
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import deterministic_id
from lianxin.platform.models import Run
from lianxin.platform.sensitive import seal_many


class FlatTakenMeanwhile(Refused):
    """Somebody entered one of these flats since the file was checked."""

    title = gettext_lazy("One of these flats was entered since the file was checked. Send the file again.")


def reader(*, run: Run, actor: Actor, at: datetime) -> RegisterReader:
    """Give the reader of one file, knowing the flats that the register has."""
    register = _register(run, actor)
    return RegisterReader(known=RegisterFlat.objects.filter(register=register).values_list("flat", flat=True))


def apply(*, run: Run, rows: list[RegisterRow], actor: Actor, at: datetime) -> list[UUID]:
    """Enter one chunk of flats; all chunks of a file are one transaction."""
    register = found.locked(AssentRegister, _register(run, actor).pk)
    if register.state == AssentRegister.State.FIXED:
        raise registers.RegisterFixed
    if RegisterFlat.objects.filter(register=register, flat__in=[row.flat for row in rows]).exists():
        raise FlatTakenMeanwhile
    purpose = str(RegisterFlat._meta.get_field("owners").purpose)  # type: ignore[union-attr]
    owners = seal_many([row.owners for row in rows], purpose)
    made = [
        RegisterFlat(
            id=deterministic_id(run.pk, f"row {row.row}"),
            community_id=register.community_id,
            register=register,
            flat=row.flat,
            area_dm2=row.area_dm2,
            owners=sealed,
            owners_count=row.owners_count,
        )
        for row, sealed in zip(rows, owners, strict=True)
    ]
    RegisterFlat.objects.bulk_create(made, batch_size=500)
    register.source_run = run.pk
    register.save(update_fields=["source_run"])
    registers.recount(register)
    act().target(register, "flats entered", {"flats": [register.flats - len(made), register.flats]})
    return [one.pk for one in made]


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take a chunk of flats back, unless the register is fixed or somebody voted for one of them."""
    register = found.locked(AssentRegister, _register(run, actor, any_state=True).pk)
    rows = RegisterFlat.objects.filter(pk__in=ids, register=register)
    if register.state == AssentRegister.State.FIXED or Ballot.objects.filter(flat__in=ids).exists():
        raise runs.SomethingDepends(_("This register is fixed by now. Release it first, or leave the import."))
    rows.delete()
    registers.recount(register)


def _register(run: Run, actor: Actor, *, any_state: bool = False) -> AssentRegister:
    wanted = run.options.get("register")
    row = AssentRegister.objects.filter(pk=UUID(str(wanted))).first() if wanted else None
    if wanted and row is None:
        raise Missing
    if row is None or not policy.may_keep(actor, row.community_id):
        raise Invalid(_("Open the register and send the table from there."))
    if row.state == AssentRegister.State.FIXED and not any_state:
        raise Invalid(registers.RegisterFixed.title)
    return row


RUN_KIND = runs.RunKind(
    name=registers.RUN_KIND_NAME,
    label=gettext_lazy("Register of owners for a vote"),
    columns=COLUMNS,
    may=policy.may_keep_any,
    reader=reader,
    unpack=unpack,
    apply=apply,
    undo=undo,
    whole=True,
)
