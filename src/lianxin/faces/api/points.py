"""Points: a resident's own passbook, and what everybody may read of a community's rules, notices and rolls."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Query, Router

from lianxin.domain.points.models import RulesVersion
from lianxin.domain.points.queries import honour_rolls, notices, seals
from lianxin.domain.points.queries.explanations import explain_balance
from lianxin.domain.points.queries.line_proofs import LineProof, Proof, verify_line
from lianxin.domain.points.queries.public_rules import items_in_order, rules_for_everybody
from lianxin.domain.points.queries.statements import passbook_page, statement
from lianxin.faces.api.answers import answers
from lianxin.faces.api.points_schemas import (
    LARGEST,
    AwardOut,
    AwardsFilter,
    CapOut,
    ExpiringOut,
    ForWhom,
    ItemOut,
    LineOut,
    LinesFilter,
    LinesOut,
    NoticeDetail,
    NoticeFilter,
    NoticeOut,
    PassbookOut,
    PathOut,
    PeriodFilter,
    PlaceOut,
    ProofOut,
    RollDetail,
    RollOut,
    RulesInForceOut,
    RulesOut,
    SealOut,
    StatementOut,
    WhyOut,
)
from lianxin.faces.api.security import logged_in
from lianxin.faces.api.standing import caller
from lianxin.platform import clock
from lianxin.platform.errors import Missing

router = Router()


def _today() -> date:
    return clock.local_day(clock.now())


@router.get("/passbook", response=answers(PassbookOut), auth=logged_in, summary="My passbook")
def my_passbook(request, asked: Query[ForWhom]):  # type: ignore[no-untyped-def]
    """Give the balance of one's household; 404 for somebody who is no resident on the register."""
    on = _today()
    who = caller(request.actor, person=asked.person, on=on)
    page = passbook_page(actor=who.actor, household=who.named, on=on, limit=1)
    return PassbookOut(
        household=who.home.household,
        community=who.home.community,
        community_name=who.home.community_name,
        has_book=who.home.has_book(on),
        passbook_number=page.passbook_number,
        state=page.state,
        balance=page.balance,
        held=page.held,
        free=page.free,
        earned=page.earned,
        spent=page.spent,
        expiring=[ExpiringOut(expires_on=one.expires_on, points=one.points) for one in page.expiring],
    )


@router.get("/lines", response=answers(LinesOut), auth=logged_in, summary="Lines of my passbook")
def my_lines(request, asked: Query[LinesFilter]):  # type: ignore[no-untyped-def]
    """Give lines in words, the newest first."""
    on = _today()
    who = caller(request.actor, person=asked.person, on=on)
    page = passbook_page(actor=who.actor, household=who.named, on=on, after=asked.after, limit=asked.limit)
    return LinesOut(items=[_line(line) for line in page.lines], after=page.after)


@router.get("/statement", response=answers(StatementOut), auth=logged_in, summary="Statement of a period")
def my_statement(request, asked: Query[PeriodFilter]):  # type: ignore[no-untyped-def]
    """Give every line of some days, at most ten years, with the balances before and after."""
    on = _today()
    who = caller(request.actor, person=asked.person, on=on)
    given = statement(actor=who.actor, household=who.named, from_on=asked.from_on, until_on=asked.until_on, on=on)
    return StatementOut(
        household=given.household,
        household_number=given.household_number,
        passbook_number=given.passbook_number,
        community_name=given.community_name,
        from_on=given.from_on,
        until_on=given.until_on,
        opening=given.opening,
        closing=given.closing,
        lines=[_line(line) for line in given.lines],
    )


@router.get("/why", response=answers(WhyOut), auth=logged_in, summary="Why I have so many points")
def why(request, asked: Query[ForWhom]):  # type: ignore[no-untyped-def]
    """Explain the balance in the language of the request."""
    on = _today()
    who = caller(request.actor, person=asked.person, on=on)
    told = explain_balance(actor=who.actor, household=who.named, on=on)
    return WhyOut(
        balance=told.balance,
        free=told.free,
        owed=told.owed,
        adds_up=told.adds_up,
        sentences=list(told.sentences),
    )


@router.get("/lines/{int:seq}/proof", response=answers(ProofOut), auth=logged_in, summary="Proof of a line")
def prove_line(request, seq: int, asked: Query[ForWhom]):  # type: ignore[no-untyped-def]
    """Give all that is needed to check a line elsewhere, nothing of other households in it."""
    on = _today()
    if not 1 <= seq <= LARGEST:
        raise Missing
    who = caller(request.actor, person=asked.person, on=on)
    return _proof(verify_line(actor=who.actor, household=who.named, seq=seq, on=on))


@router.get("/rules", response=answers(RulesInForceOut), summary="What earns points in a community")
def show_rules(request, community: UUID):  # type: ignore[no-untyped-def]
    """Give the rules in force today; open to everybody."""
    found = rules_for_everybody(community=community, on=_today())
    return RulesInForceOut(
        community=community,
        has_book=found.book is not None,
        switched_on=found.switched_on,
        rules=_rules(found.in_force) if found.in_force else None,
    )


@router.get("/notices", response=answers(list[NoticeOut]), summary="Public notices of a community")
def list_notices(request, asked: Query[NoticeFilter]):  # type: ignore[no-untyped-def]
    """Give what is on show, or also what was; open to everybody."""
    rows = notices.list_notices(community=asked.community, on=_today(), with_ended=asked.with_ended)
    return [_notice(row) for row in rows]


@router.get("/notices/{uuid:notice}", response=answers(NoticeDetail), summary="One public notice")
def show_notice(request, notice: UUID, asked: Query[AwardsFilter]):  # type: ignore[no-untyped-def]
    """Give a notice with its awards, names masked; after its days without them."""
    page = notices.find_notice(community=asked.community, notice=notice, on=_today(), after=asked.after)
    awards = [AwardOut.from_orm(line) for line in page.lines]
    return NoticeDetail(**_notice(page.card).dict(), points=page.points, awards=awards, after=page.after)


@router.get("/honour-rolls", response=answers(list[RollOut]), summary="Honour rolls of a community")
def list_rolls(request, community: UUID):  # type: ignore[no-untyped-def]
    """Give the published rolls, newest first; open to everybody."""
    return [RollOut.from_orm(row) for row in honour_rolls.list_rolls(community=community)]


@router.get("/honour-rolls/{uuid:roll}", response=answers(RollDetail), summary="One honour roll")
def show_roll(request, roll: UUID, community: UUID):  # type: ignore[no-untyped-def]
    """Give a published roll, names as the consents of now allow."""
    page = honour_rolls.find_roll(community=community, roll=roll)
    return RollDetail(
        id=page.card.id,
        title=page.card.title,
        community_name=page.community_name,
        starts_on=page.card.starts_on,
        ends_on=page.card.ends_on,
        code=page.card.code,
        places=[PlaceOut.from_orm(place) for place in page.places],
    )


@router.get("/seals/{code}", response=answers(SealOut), summary="The seal of a printed code")
def find_seal(request, code: str):  # type: ignore[no-untyped-def]
    """Give the seal whose code stands on a notice or receipt; open to everybody."""
    found = seals.find_seal(code[:60])
    if found is None:
        raise Missing
    return SealOut.from_orm(found)


def _line(line: Any) -> LineOut:
    return LineOut.from_orm(line)


def _notice(card: notices.NoticeCard) -> NoticeOut:
    return NoticeOut.from_orm(card)


def _path(proof: Proof | None) -> PathOut | None:
    return None if proof is None else PathOut.from_orm(proof)


def _proof(proof: LineProof) -> ProofOut:
    standing = proof.standing
    return ProofOut(
        seq=proof.seq,
        on=proof.on,
        delta=proof.delta,
        balance_after=proof.balance_after,
        text=proof.text,
        hash=proof.hash,
        previous=proof.previous,
        holds=proof.holds,
        leaf_text=proof.leaf_text,
        seal=SealOut.from_orm(proof.seal) if proof.seal else None,
        transaction=_path(proof.transaction),
        standing_text=standing.text if standing else "",
        standing_seal=SealOut.from_orm(standing.seal) if standing else None,
        standing=_path(standing.proof) if standing else None,
    )


def _rules(version: RulesVersion) -> RulesOut:
    return RulesOut(
        id=version.pk,
        number=version.number,
        title=version.title,
        minutes_on=version.minutes_on,
        minutes_title=version.minutes_title,
        attended=version.attended,
        in_favour=version.in_favour,
        notice_from=version.notice_from,
        notice_until=version.notice_until,
        effective_from=version.effective_from,
        expiry=version.expiry,
        expiry_months=version.expiry_months,
        reserve_days=version.reserve_days,
        objection_days=version.objection_days,
        items=[
            ItemOut(
                code=item.code,
                title=item.title,
                meaning=item.meaning,
                evidence=item.evidence,
                points=item.points,
                unit=item.unit,
                per=item.per,
                caps=[CapOut.from_orm(cap) for cap in item.caps.all()],
            )
            for item in items_in_order(version)
        ],
    )
