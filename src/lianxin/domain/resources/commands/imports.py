"""A workbook of offers as a kind of run: checked whole, entered once, taken back while nothing depends on it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.imports import community_names
from lianxin.domain.people.commands.organisations import link_organisation, register_organisation
from lianxin.domain.people.models import Organisation, OrganisationAlias, OrganisationCommunity
from lianxin.domain.places.models import ServiceCategory
from lianxin.domain.resources import policy
from lianxin.domain.resources.commands import writing
from lianxin.domain.resources.commands.offers import MEASURE, note_made
from lianxin.domain.resources.commands.searching import OFFER, index_many
from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.rules.hsds_in import SOURCE
from lianxin.domain.resources.rules.offer_columns import COLUMNS
from lianxin.domain.resources.rules.offer_rows import OfferReader, ReadOffer, unpack
from lianxin.platform import facts, runs, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act
from lianxin.platform.models import Run, RunProblem

RUN_KIND_NAME = "resources.offers"
State = Offer.State


def reader(*, run: Run, actor: Actor, at: datetime) -> OfferReader:
    """Give the reader of one file, knowing the communities in scope, the organisations and the categories."""
    default = run.options.get("community")
    with scope.everything():
        known = list(Offer.objects.exclude(source="").values_list("source", "source_id", "pk"))
        # What this program gave out itself comes back under its own numbers.
        known += [(SOURCE, str(pk), pk) for pk in Offer.objects.values_list("pk", flat=True)]
        return OfferReader(
            communities=community_names(actor),
            default_community=UUID(default) if default and actor.covers(UUID(default)) else None,
            organisations=organisation_names(),
            categories=category_names(),
            known={(source, source_id): pk for source, source_id, pk in known},
            on=local_day(at),
        )


def organisation_names() -> Mapping[str, UUID | None]:
    """Give every name, alias and credit code of organisations; None for a name of several."""
    found: dict[str, UUID | None] = {}
    rows = Organisation.objects.exclude(state__in=[Organisation.State.MERGED, Organisation.State.CLOSED])
    names = list(rows.values_list("name", "pk"))
    aliases = list(OrganisationAlias.objects.filter(organisation__in=rows).values_list("name", "organisation_id"))
    for name, pk in [*names, *aliases]:
        found[name] = pk if found.get(name, pk) == pk else None
    for code, pk in rows.exclude(uscc=None).values_list("uscc", "pk"):
        found[code or ""] = pk
    return found


def category_names() -> Mapping[str, str]:
    """Give the code of each category by code and by name."""
    found: dict[str, str] = {}
    for code, name in ServiceCategory.objects.values_list("code", "name"):
        found[code] = found[name] = code
    return found


def apply(*, run: Run, rows: list[ReadOffer], actor: Actor, at: datetime) -> list[UUID]:
    """Enter one chunk of offers; what is on record from the same source is changed instead."""
    policy.require(policy.may_keep_any(actor))
    rows = [row for row in rows if actor.covers(row.community)]
    codes = writing.category_ids()
    names = dict(organisation_names())
    linked = set(OrganisationCommunity.objects.filter(until_on=None).values_list("organisation_id", "community_id"))
    made: list[Offer] = []
    changed: list[Offer] = []
    parts = writing.Parts()
    for row in rows:
        giver = row.organisation or names.get(row.organisation_name)
        if giver is None:
            giver = names[row.organisation_name] = _register(actor, row, at)
            linked.add((giver, row.community))
        if (giver, row.community) not in linked:
            link_organisation(actor=actor, organisation=giver, community=row.community, at=at)
            linked.add((giver, row.community))
        offer = _offer(row, giver, run, actor, at)
        if offer is None:
            continue
        if offer._state.adding:
            made.append(offer)
            parts.add(offer, row.content, codes)
            note_made(offer, at)
        else:
            offer.version += 1
            offer.save()
            writing.write_parts(offer, row.content, codes)
            changed.append(offer)
        act().target(offer, "imported", {"title": [None, offer.title]})
    Offer.objects.bulk_create(made)
    parts.write()
    written = [one.pk for one in [*made, *changed]]
    index_many(Offer.objects.filter(pk__in=written).select_related("organisation"))
    return [one.pk for one in made]


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take back the offers of one chunk; raises SomethingDepends. Organisations that were registered stay."""
    policy.require(policy.may_keep_any(actor))
    rows = list(Offer.objects.filter(pk__in=ids).prefetch_related("promises"))
    changed = [row for row in rows if row.version != 1 or row.agreement_id or row.promises.all()]
    if changed:
        raise runs.SomethingDepends(
            _("%(count)d of the offers were changed, assured or promised since. Nothing was taken back.")
            % {"count": len(changed)}
        )
    for row in rows:
        facts.correct(measure=MEASURE, record=row)
    Offer.objects.filter(pk__in=ids).delete()
    search.drop(OFFER, ids)


def _register(actor: Actor, row: ReadOffer, at: datetime) -> UUID:
    made = register_organisation(
        actor=actor,
        name=row.organisation_name,
        roles=["partner"],
        communities=[row.community],
        contact_name=row.content.contact_name,
        at=at,
    )
    return made.pk


def _offer(row: ReadOffer, giver: UUID, run: Run, actor: Actor, at: datetime) -> Offer | None:
    offer = None
    if row.source:
        with scope.everything():
            offer = Offer.objects.filter(source=row.source, source_id=row.source_id).first() or _own(row)
        if offer is not None and not actor.covers(offer.community_id):
            sentence = _("It is on the list of a community that you do not answer for, so this row was left out.")
            RunProblem.objects.create(run=run, row_number=row.row, column="source_id", sentence=sentence)
            return None
    if offer is None:
        offer = Offer(community_id=row.community, source=row.source, source_id=row.source_id, made_at=at)
        offer.made_by = actor.account
    writing.fill(offer, row.content)
    offer.organisation_id = giver
    _assure(offer, row.assured_on, actor, local_day(at))
    return offer


def _own(row: ReadOffer) -> Offer | None:
    """Find the offer that this program gave out itself under the number of a row."""
    try:
        number = UUID(row.source_id)
    except ValueError:
        return None
    return Offer.objects.filter(pk=number).first() if row.source == SOURCE else None


def _assure(offer: Offer, assured_on: date | None, actor: Actor, today: date) -> None:
    """Take the day on which somebody asked the giver, unless that was too long ago."""
    if assured_on is None:
        return
    by = writing.assured_until(assured_on, offer.until_on)
    if by >= today and offer.state in (State.OFFERED, State.ACTIVE):
        offer.state, offer.assured_on, offer.assured_by, offer.assure_by = State.ACTIVE, assured_on, actor.account, by


RUN_KIND = runs.RunKind(
    name=RUN_KIND_NAME,
    label=gettext_lazy("Offers of partners"),
    columns=COLUMNS,
    may=policy.may_keep_any,
    reader=reader,
    unpack=unpack,
    apply=apply,
    undo=undo,
)
