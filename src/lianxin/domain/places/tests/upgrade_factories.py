"""An upgrade on its way, for the tests of upgrades."""

from datetime import timedelta

from lianxin.domain.places.commands import upgrade_money, upgrades
from lianxin.domain.places.commands.upgrade_opening import open_upgrade
from lianxin.platform.contributions import Window

from .factories import AT, SYSTEM, TODAY

LATER = TODAY + timedelta(days=60)


def plan(venue, **more):
    values = {"title": "党群服务中心提升", "planned_opening_on": LATER, "template": "one_hall_five_rooms", **more}
    return upgrades.plan_upgrade(actor=SYSTEM, at=AT, venue=venue.pk, **values)


def fund(upgrade, fen=10_000):
    return upgrade_money.add_funding(actor=SYSTEM, at=AT, upgrade=upgrade.pk, source="district", fen=fen)


def begin(venue, **more):
    upgrade = plan(venue, **more)
    fund(upgrade)
    upgrades.approve_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk)
    return upgrades.start_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk, temporary_arrangement="到文化楼办事")


def open_now(upgrade, **more):
    return open_upgrade(actor=SYSTEM, at=AT + timedelta(days=50), upgrade=upgrade.pk, **more)


def window(from_on, until_on, **more):
    return Window(from_on=from_on, until_on=until_on, **more)
