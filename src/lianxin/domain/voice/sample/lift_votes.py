"""The two votes of the sample's lift: the first without enough who took part, the second carried."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from lianxin.domain.voice.commands import ballots, registers, votes
from lianxin.domain.voice.models import AssentRegister, RegisterFlat
from lianxin.domain.voice.rules.vote_terms import VoteContent
from lianxin.platform.actors import Actor

REGISTER = "金涛庄西区一栋业主名册"
FLOORS, FLATS = 12, ("01", "02", "03", "04")
AREAS = {"01": "118.64", "02": "96.32", "03": "89.50", "04": "124.08"}
# Those who came to the first vote; in the second one nearly everybody did.
FIRST_VOTED, SECOND_VOTED, AGAINST = 29, 44, 5
QUESTION = "更换西区一栋两部电梯，费用按第二稿分摊"
PROXIES = {"0304": "样本代理人甲", "0404": "样本代理人甲", "0504": "样本代理人甲", "0903": "样本代理人乙"}


def vote_first_time(at: datetime, *, actor: Actor, community: UUID, matter: UUID) -> None:
    """Draw the register up, hold the first vote: most who voted agreed, but too few voted."""
    register = _register(at, actor, community, matter)
    opened = at + timedelta(days=7)
    _hold(at, opened, actor, community, matter, register, voted=FIRST_VOTED, against=3)


def vote_second_time(at: datetime, *, actor: Actor, community: UUID, matter: UUID) -> None:
    """Hold the second vote, after every flat had been visited."""
    register = AssentRegister.objects.get(community=community, name=REGISTER)
    for row in RegisterFlat.objects.filter(register=register).order_by("flat")[FIRST_VOTED:]:
        registers.note_try(actor=actor, flat_row=row.pk, reach="reached", at=at)
    _hold(at, at + timedelta(days=7), actor, community, matter, register, voted=SECOND_VOTED, against=AGAINST)


def _register(at: datetime, actor: Actor, community: UUID, matter: UUID) -> AssentRegister:
    row = registers.draft(
        actor=actor,
        community=community,
        name=REGISTER,
        source_words="样本：与产权证核对",
        matter=matter,
        is_sample=True,
        at=at,
    )
    for floor in range(1, FLOORS + 1):
        for flat in FLATS:
            number = f"{floor:02d}{flat}"
            # Two flats of one owner, and couples in every third flat.
            owner = "样本业主0102" if number == "0202" else f"样本业主{number}"
            owners = f"{owner}、样本共有人{number}" if (floor + int(flat)) % 3 == 0 else owner
            registers.add_flat(
                actor=actor, register=row.pk, flat=f"1栋{number}", area=AREAS[flat], owners=owners, at=at
            )
    return registers.fix(actor=actor, register=row.pk, at=at + timedelta(hours=2))


def _hold(
    at: datetime,
    opened: datetime,
    actor: Actor,
    community: UUID,
    matter: UUID,
    register: AssentRegister,
    *,
    voted: int,
    against: int,
) -> None:
    closes = opened + timedelta(days=7)
    row = votes.draft(
        actor=actor,
        community=community,
        content=VoteContent(
            question=QUESTION, method="assent", weight="major", proxy_limit=3, opens_at=opened, closes_at=closes
        ),
        matter=matter,
        register=register.pk,
        is_sample=True,
        at=at + timedelta(hours=3),
    )
    votes.open_vote(actor=actor, vote=row.pk, at=opened)
    flats = list(RegisterFlat.objects.filter(register=register).order_by("flat"))
    # High floors come first: the first vote lacked the low ones.
    for turn, flat in enumerate(reversed(flats)):
        if turn >= voted:
            break
        number = flat.flat.removeprefix("1栋")
        proxy = PROXIES.get(number, "")
        ballots.cast(
            actor=actor,
            vote=row.pk,
            flat=flat.pk,
            choice={"choice": "against" if turn >= voted - against else "agree"},
            how="paper" if proxy else "door",
            proxy_name=proxy,
            proof_words="书面委托书一份" if proxy else "",
            is_sample=True,
            at=opened + timedelta(days=turn // 8, hours=turn % 8, minutes=7 * turn % 60),
        )
    votes.close(actor=actor, vote=row.pk, at=closes + timedelta(hours=1))
    votes.publish(actor=actor, vote=row.pk, is_public=True, at=closes + timedelta(hours=2))
