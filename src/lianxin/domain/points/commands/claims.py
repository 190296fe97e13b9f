"""Acts offered for points: each becomes one claim, and earns what the rules of its day give."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points import policy
from lianxin.domain.points.commands import awarding
from lianxin.domain.points.commands.awarding import Case
from lianxin.domain.points.commands.claim_rows import Act, OfferedTwiceAtOnce, insert_claims, make_claim
from lianxin.domain.points.commands.relatives import households_near
from lianxin.domain.points.ledger import sql
from lianxin.domain.points.models import Book, Claim, Txn
from lianxin.domain.points.queries.grounds import BudgetChoice, Ground, read_ground
from lianxin.domain.points.rules.deciding import Offered, Terms, asked_points, find_item, terms_on
from lianxin.platform import duties
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_ids

__all__ = ["Act", "OfferedTwiceAtOnce", "close_duty", "offer", "offer_acts", "open_duty"]

SECOND_PERSON = "points.second_person"
DUTY_PAGE = "staff:points_approvals"
DAYS_TO_APPROVE = 7
MOST_QUANTITY = 100_000
"""More than this of anything in one act is a slip of the pen."""
LONGEST_EVIDENCE = 200
LONGEST_NOTE = 500


@command("points.offer_acts")
def offer_acts(*, actor: Actor, acts: Sequence[Act], at: datetime, key: UUID | None = None) -> list[Claim]:
    """Offer acts; gives their claims in the same order, each decided: points, none with the reason, or waiting.

    The same act (source and person, or household where no person is named) offered again gives the claim that it has,
    whatever became of it. Acts of the actor's own household or relatives, and large ones, wait for a second person.
    Raises Missing for somebody outside the actor's scope, and Invalid for what cannot be.
    """
    policy.require(policy.may_offer(actor))
    for one in acts:
        _check(one)
    subjects = [(one.household, one.person, one.done_on) for one in acts]
    return offer(actor=actor, acts=acts, ground=read_ground(subjects), at=at)


def offer(*, actor: Actor, acts: Sequence[Act], ground: Ground, at: datetime) -> list[Claim]:
    """Do what `offer_acts` does, inside a running command that has read the ground of these acts."""
    policy.require(policy.may_offer(actor))
    if not acts:
        return []
    for one in acts:
        _check(one)
    claims, cases, versions = _claims_of(actor, acts, ground, at)
    # Everything that could earn is locked first: whoever offers the same act at the same time waits here.
    locked = awarding.lock_accounts(cases, at=at)
    known = _known(claims)
    near = households_near(actor, {case.claim.household_id for case in cases}, at=at)
    earning = []
    for case in _once(cases, known):
        case.claim.asked = asked_points(case.offered, case.item)
        if case.claim.asked and (case.claim.asked > case.terms.second_person_above or near(case.claim)):
            case.claim.state, case.claim.reason = Claim.State.WAITING, Claim.Reason.SECOND_PERSON
            case.claim.note = case.note
        else:
            earning.append(case)
    awarding.award(earning, locked, actor=actor, at=at, versions=versions)
    fresh = list(_fresh(claims, known))
    insert_claims(fresh)
    _tell(fresh)
    return [known.get(_identity(claim), claim) for claim in claims]


def _check(one: Act) -> None:
    problems: dict[str, list[str]] = {}
    if one.household is None and one.person is None:
        problems["household"] = [_("Say who did it: a household or a person.")]
    for name, value, least in (("quantity", one.quantity, 1), ("minutes", one.minutes, 0)):
        if not isinstance(value, int) or isinstance(value, bool):
            problems[name] = [_("Give a whole number.")]
        elif not least <= value <= MOST_QUANTITY:
            problems[name] = [
                _("Give a whole number from %(least)d to %(most)d.") % {"least": least, "most": MOST_QUANTITY}
            ]
    if len(one.evidence) > LONGEST_EVIDENCE:
        problems["evidence"] = [_("Longer than %(most)d characters.") % {"most": LONGEST_EVIDENCE}]
    if len(one.note) > LONGEST_NOTE:
        problems["note"] = [_("Longer than %(most)d characters.") % {"most": LONGEST_NOTE}]
    if problems:
        raise Invalid(fields=problems)


def _claims_of(
    actor: Actor, acts: Sequence[Act], ground: Ground, at: datetime
) -> tuple[list[Claim], list[Case], dict[UUID, int]]:
    """Make the claims of acts: those that may earn come with their case, the others with the reason for nothing."""
    homes, books, terms = ground.homes, ground.books, ground.terms
    budgets = BudgetChoice(books.values(), {one.budget for one in acts if one.budget})
    in_force: dict[tuple[UUID, date], Terms | None] = {}
    claims: list[Claim] = []
    cases: list[Case] = []
    for pk, one in zip(new_ids(len(acts)), acts, strict=True):
        home = homes.of(one.household, one.person)
        book = books.get(home.community)
        claim = make_claim(pk, one, home, actor, at)
        claims.append(claim)
        if book is None or book.switched_on is None or one.done_on < book.switched_on:
            claim.reason = Claim.Reason.NO_BOOK
            continue
        claim.book_id = book.pk
        if (book.pk, one.done_on) not in in_force:
            in_force[book.pk, one.done_on] = terms_on(terms.get(book.pk, ()), one.done_on)
        rules = in_force[book.pk, one.done_on]
        offered = Offered(one.act_kind, one.quantity, one.minutes, one.item, one.person is not None)
        item = None if rules is None else find_item(offered, rules.items)
        if rules is None or item is None:
            claim.rules_id = None if rules is None else rules.id
            claim.reason = Claim.Reason.NO_RULES if rules is None else Claim.Reason.NO_ITEM
            continue
        claim.rules_id, claim.item_id = rules.id, item.id
        if not home.belongs:
            claim.reason = Claim.Reason.NO_HOUSEHOLD
            continue
        if home.ended:
            claim.reason = Claim.Reason.CLOSED
            continue
        budget = budgets.choose(book.pk, one.budget, one.done_on)
        claim.budget_id = None if budget is None else budget.pk
        cases.append(Case(claim, book, rules, item, offered, budget, one.note.strip()))
    return claims, cases, {book: len(versions) for book, versions in terms.items()}


_Identity = tuple[UUID, UUID, str]


def _identity(claim: Claim) -> _Identity:
    return (claim.source_id, claim.subject, claim.source_kind)


def _known(claims: Sequence[Claim]) -> dict[_Identity, Claim]:
    """Find the claims that these acts have already."""
    condition, among = sql.among({claim.source_id for claim in claims})
    text = f"SELECT id, source_id, subject, source_kind FROM points_claim WHERE source_id {condition}"
    wanted = {_identity(claim) for claim in claims}
    found = {}
    for pk, source, subject, kind in sql.rows(text, [among]):
        identity = (sql.as_uuid(source), sql.as_uuid(subject), kind)
        if identity in wanted:
            found[identity] = sql.as_uuid(pk)
    if not found:
        return {}
    rows = Claim.objects.in_bulk(list(found.values()))
    return {identity: rows[pk] for identity, pk in found.items() if pk in rows}


def _once(cases: Sequence[Case], known: dict[_Identity, Claim]) -> list[Case]:
    """Keep the first case of each act that has no claim yet."""
    seen = set(known)
    kept = []
    for case in cases:
        identity = _identity(case.claim)
        if identity not in seen:
            seen.add(identity)
            kept.append(case)
    return kept


def _fresh(claims: Sequence[Claim], known: dict[_Identity, Claim]) -> Iterable[Claim]:
    """Give the claims to be written; an act that comes twice in one list is written once and known from then on."""
    for claim in claims:
        if _identity(claim) not in known:
            known[_identity(claim)] = claim
            yield claim


def _tell(claims: Sequence[Claim]) -> None:
    """Note in the audit entry and among the duties what came of the acts: one target, never thousands."""
    if not claims:
        return
    awarded = [claim for claim in claims if claim.state == Claim.State.AWARDED]
    waiting = [claim for claim in claims if claim.state == Claim.State.WAITING]
    change = {
        "claims": [0, len(claims)],
        "points": [0, sum(claim.points for claim in awarded)],
        "waiting": [0, len(waiting)],
    }
    act().note(community_id=claims[0].community_id)
    if len(claims) == 1:
        act().target(claims[0], "offered", change | {"state": [None, claims[0].state]})
    elif awarded:
        act().target(Txn(pk=awarded[0].txn_id), "awarded", change)
    for book in {claim.book_id: claim for claim in waiting}.values():
        open_duty(book)


def open_duty(claim: Claim) -> None:
    """Let the community's staff know that awards of this book wait for a second person."""
    due_at = claim.offered_at + timedelta(days=DAYS_TO_APPROVE)
    duties.open(
        kind=SECOND_PERSON,
        record=Book(pk=claim.book_id),
        community_id=claim.community_id,
        title=_("Awards of points wait for a second person"),
        due_at=due_at,
        assignee_role="community_staff",
        url_name=DUTY_PAGE,
        url_args={"community": str(claim.community_id)},
    )


def close_duty(claim: Claim) -> None:
    """Close the duty when nothing of this book waits any more."""
    if not Claim.objects.filter(book=claim.book_id, state=Claim.State.WAITING).exists():
        duties.close(kind=SECOND_PERSON, record=Book(pk=claim.book_id))
