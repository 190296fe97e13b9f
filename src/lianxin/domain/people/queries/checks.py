"""What `verify` asks about people: each check yields a sentence for every difference it finds."""

from collections.abc import Iterable, Iterator

from django.db.models import F, Q

from lianxin.domain.people.models import Card, ConsentReceipt, Household, HouseholdMembership, Person, VulnerabilityFact
from lianxin.domain.people.rules.contacts import id_candidates, phone_candidates
from lianxin.platform import scope

AT_MOST = 20


def households_have_members() -> Iterable[str]:
    """Every active household has somebody living in it, and an ended one nobody."""
    with scope.everything():
        living = Person.objects.filter(state=Person.State.LIVING)
        empty = Household.objects.filter(state=Household.State.ACTIVE).exclude(pk__in=living.values("household"))
        for number, pk in empty.values_list("number", "pk")[:AT_MOST]:
            yield f"household {number} ({pk}) is active and nobody lives in it"
        ended = living.exclude(household__state=Household.State.ACTIVE)
        for pk in ended.values_list("pk", flat=True)[:AT_MOST]:
            yield f"person {pk} lives in a household that has ended"


def communities_agree() -> Iterable[str]:
    """A person's community is the household's, and what hangs on a person is in the person's community."""
    with scope.everything():
        for pk in Person.objects.exclude(community=F("household__community")).values_list("pk", flat=True)[:AT_MOST]:
            yield f"person {pk} is not in the community of the household"
        for model in (VulnerabilityFact, ConsentReceipt, Card):
            rows = model.objects.exclude(community=F("person__community"))
            for pk in rows.values_list("pk", flat=True)[:AT_MOST]:
                yield f"{model._meta.label_lower} {pk} is not in the community of its person"


def memberships_agree() -> Iterable[str]:
    """The open membership says where a living person is; nobody else has one."""
    with scope.everything():
        open_rows = HouseholdMembership.objects.filter(until_on__isnull=True)
        wrong = open_rows.filter(
            ~Q(household=F("person__household"))
            | ~Q(community=F("person__community"))
            | ~Q(person__state=Person.State.LIVING)
        )
        for pk in wrong.values_list("person_id", flat=True)[:AT_MOST]:
            yield f"the open membership of person {pk} is not where the person is"
        without = Person.objects.filter(state=Person.State.LIVING).exclude(pk__in=open_rows.values("person"))
        for pk in without.values_list("pk", flat=True)[:AT_MOST]:
            yield f"person {pk} lives here without an open membership"


def digests_match() -> Iterator[str]:
    """Every digest is that of the sealed value beside it; reads every sealed number once, in one pass."""
    with scope.everything():
        rows = Person.objects.exclude(id_number=None, phone=None).order_by("pk")
        told = 0
        for person in rows.only("id_number", "id_digest", "phone", "phone_digest").iterator(chunk_size=2000):
            for what, sealed, digest, candidates in (
                ("ID number", person.id_number, person.id_digest, id_candidates),
                ("phone", person.phone, person.phone_digest, phone_candidates),
            ):
                if sealed is not None and digest not in candidates(sealed.reveal()):
                    yield f"the digest of the {what} of person {person.pk} is not that of the sealed value"
                    told += 1
            if told >= AT_MOST:
                return
