"""A program of a journey: an owners' vote on a register that links a resident's flat, opened in a running site."""

import json
import sys
from datetime import timedelta


def main() -> int:
    """Open a vote in which the resident with this phone number has a say."""
    import django

    django.setup()
    from lianxin.domain.people.models import Person
    from lianxin.domain.people.rules.contacts import phone_candidates
    from lianxin.domain.voice.commands import registers, votes
    from lianxin.domain.voice.rules.vote_terms import VoteContent
    from lianxin.platform import scope
    from lianxin.platform.actors import Actor
    from lianxin.platform.clock import now

    actor, at = Actor.system(via="cli"), now()
    with scope.everything():
        people = Person.objects.select_related("household").filter(phone_digest__in=phone_candidates(sys.argv[1]))
        who = people.get(state=Person.State.LIVING)
    register = registers.draft(actor=actor, community=who.community_id, name="走查一栋业主名册", at=at)
    home = who.household.number
    for flat, area, owners in (("301", "89.52", who.name), ("302", "92.10", f"{who.name}、另一位业主")):
        registers.add_flat(
            actor=actor, register=register.pk, flat=flat, area=area, owners=owners, household=home, at=at
        )
    registers.fix(actor=actor, register=register.pk, at=at)
    content = VoteContent("一栋要不要加装电梯", "assent", "major", closes_at=at + timedelta(days=9))
    vote = votes.draft(actor=actor, community=who.community_id, content=content, register=register.pk, at=at)
    votes.open_vote(actor=actor, vote=vote.pk, at=at)
    sys.stdout.write(json.dumps({"vote": str(vote.pk), "question": vote.question}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
