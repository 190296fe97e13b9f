"""Who may see and do what with people's records."""

from django.db.models import Q, QuerySet

from lianxin.domain.people.models import Household, Organisation, Person, ProxyLink
from lianxin.domain.people.rules.roles import ADMINISTRATORS, GRANTS, STAFF
from lianxin.platform import scope
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.errors import NotAllowed

WRITERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
IDENTIFIERS = frozenset({"community_staff", "subdistrict_staff", "volunteer", "host", "merchant", SYSTEM})
ORGANISATION_WRITERS = frozenset({"community_staff", "subdistrict_staff", "district_staff", SYSTEM})
REVEALABLE = frozenset({"name", "id_number", "phone", "address"})


def require(allowed: bool) -> None:
    """Raise NotAllowed unless allowed."""
    if not allowed:
        raise NotAllowed


def is_administrator(actor: Actor) -> bool:
    """Tell whether the actor holds one of the three administrator roles; these see no resident's data at all."""
    return actor.holds(*ADMINISTRATORS)


def may_see_people(actor: Actor) -> bool:
    """Tell whether the actor may look through the residents of the communities in scope."""
    return actor.holds(*STAFF, SYSTEM) and not is_administrator(actor)


def may_write_people(actor: Actor) -> bool:
    """Tell whether the actor may register and change residents in scope."""
    return actor.holds(*WRITERS) and not is_administrator(actor)


def may_move_people(actor: Actor) -> bool:
    """Tell whether the actor may move people between households and communities in scope."""
    return actor.holds(*WRITERS, "district_staff") and not is_administrator(actor)


def may_identify_cards(actor: Actor) -> bool:
    """Tell whether the actor may ask whose card it is that somebody shows."""
    return actor.holds(*IDENTIFIERS) and not is_administrator(actor)


def may_see_vulnerabilities(actor: Actor) -> bool:
    """Tell whether the actor may open vulnerability facts, one person at a time and with a reason."""
    return actor.holds("community_staff", SYSTEM) and not is_administrator(actor)


def may_write_organisations(actor: Actor) -> bool:
    """Tell whether the actor may register and change organisations."""
    return actor.holds(*ORGANISATION_WRITERS) and not is_administrator(actor)


def may_see_organisations(actor: Actor) -> bool:
    """Tell whether the actor may look through all organisations that work with the communities in scope."""
    return may_see_people(actor)


def may_publish_purposes(actor: Actor) -> bool:
    """Tell whether the actor keeps the purpose register and publishes consent texts."""
    return actor.holds("district_staff", SYSTEM) and not is_administrator(actor)


def may_see_roster(actor: Actor) -> bool:
    """Tell whether the actor may look at who works where: the offices, and the keepers of accounts and rights."""
    return actor.holds(*STAFF, "system_admin", "security_admin", SYSTEM)


def may_invite(actor: Actor) -> bool:
    """Tell whether the actor may bring in others, each only into the roles that `may_grant` names."""
    return actor.holds(*GRANTS)


def may_decide_resets(actor: Actor) -> bool:
    """Tell whether the actor may approve that a password or second factor is set anew."""
    return actor.holds("system_admin", "security_admin", SYSTEM)


def may_reveal(actor: Actor, field: str, person: Person) -> bool:
    """Tell whether the actor may see this field unmasked, with a reason."""
    if field not in REVEALABLE:
        return False
    return may_write_people(actor) or actor.person == person.pk


def may_act_as(actor: Actor, person: Person) -> bool:
    """Tell whether the actor is the person, or staff who may write the person's record."""
    return actor.person == person.pk or may_write_people(actor)


def visible_to(actor: Actor, people: QuerySet[Person]) -> QuerySet[Person]:
    """Keep the people whose record this actor may open: staff by scope, a resident the own household and principals."""
    if may_see_people(actor):
        return people
    if actor.person is None or is_administrator(actor):
        return people.none()
    own = Person.objects.filter(pk=actor.person, state=Person.State.LIVING).values("household")
    principals = ProxyLink.objects.filter(
        Q(acts__icontains='"see_record"') | Q(acts__icontains='"all"'),
        agent_person=actor.person,
        revoked_at__isnull=True,
    ).values("principal")
    return people.filter(Q(pk=actor.person) | Q(household__in=own, state=Person.State.LIVING) | Q(pk__in=principals))


def visible_households(actor: Actor, households: QuerySet[Household]) -> QuerySet[Household]:
    """Keep the households that this actor may open: staff by scope, a resident the own one."""
    if may_see_people(actor):
        return households
    if actor.person is None or is_administrator(actor):
        return households.none()
    return households.filter(
        pk__in=Person.objects.filter(pk=actor.person, state=Person.State.LIVING).values("household")
    )


def visible_organisations(actor: Actor, organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Keep the organisations the actor may open: staff those linked to scope or nobody yet, others their own."""
    if actor.holds(SYSTEM) or (may_see_organisations(actor) and actor.communities is None):
        return organisations
    if may_see_organisations(actor):
        # Row security hides the links of other communities: "linked to nobody" is asked of the whole district.
        with scope.everything():
            nobodys = list(Organisation.objects.filter(communities__isnull=True).values_list("pk", flat=True))
        return organisations.filter(
            Q(communities__community__in=actor.communities, communities__until_on__isnull=True) | Q(pk__in=nobodys)
        ).distinct()
    return organisations.filter(pk__in=actor.organisations)
