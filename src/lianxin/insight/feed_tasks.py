"""The file of figures that a district hands up to its city: by hand for any days, and each night by itself."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.domain.places.queries.divisions import find_district
from lianxin.domain.reporting.commands.feeds import note_export
from lianxin.domain.reporting.queries import feed_contents
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.domain.reporting.rules.feed_format import Counts, FeedWriter, Header
from lianxin.domain.reporting.rules.feed_keys import KeyCard, check_address
from lianxin.insight.feed_readings import read_all
from lianxin.platform import clock, deployment, keys, scope, tasks, verification
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Refused
from lianxin.platform.tasks import Running, task

log = logging.getLogger(__name__)

# Each night's file reaches back so far, so that one that is lost on its way makes no gap.
REACHES_BACK = timedelta(days=7)
NO_ADDRESS = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Written:
    """A file that was written."""

    path: Path
    header: Header
    digest: str
    counts: Counts


def key_card() -> KeyCard:
    """Give what a city needs to know of this district: who it is, where its pages are, which key signs."""
    district = find_district()
    address = check_address(settings.BASE_URL or NO_ADDRESS)
    return KeyCard(district.pk, district.code, district.official_name, address, keys.signing_key())


def write_feed(
    *, actor: Actor, since_on: date, at: datetime, until_on: date | None = None, path: Path | None = None
) -> Written:
    """Write the figures of days [since, until) and what was corrected since; until is today when not given.

    The file comes whole or not at all: it is written beside its place and then renamed.
    """
    if is_upper():
        raise Refused(_("A city or a province holds figures of districts and hands none up."))
    today = clock.local_day(at)
    until = until_on or today
    if until > today:
        raise Invalid(_("Only whole days are handed up: --until is %(today)s at the latest.") % {"today": today})
    if since_on >= until:
        raise Invalid(
            _("There is no whole day from %(since)s until %(until)s yet.") % {"since": since_on, "until": until}
        )
    with scope.everything(), verification.one_view():
        last = feed_contents.last_export()
        card = key_card()
        places, above = feed_contents.places()
        header = Header(
            number=last.number + 1 if last else 1,
            previous=last.digest if last else "",
            district_id=card.district_id,
            code=card.code,
            name=card.name,
            base_url=card.base_url,
            since_on=since_on,
            until_on=until,
            made_at=at,
            key=card.public_key,
            flows=feed_contents.flows(),
            above=above,
            is_sample=deployment.is_sample(),
        )
        target = path or Path(file_name(header))
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            digest, counts = _write(partial, header, places, today)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise Invalid(
                _("%(file)s cannot be written: %(why)s.") % {"file": target, "why": error.strerror}
            ) from error
    note_export(actor=actor, header=header, digest=digest, counts=counts, at=at)
    partial.replace(target)
    return Written(target, header, digest, counts)


def _write(partial: Path, header: Header, places: list, today: date) -> tuple[str, Counts]:
    numbers = {one.id: one.number for one in places}
    communities = {one.id: one.number for one in places if one.level == "community"}
    with partial.open("wb") as out:
        writer = FeedWriter(out, header)
        for place in places:
            writer.place(place)
        earlier = set()
        for sums in feed_contents.day_sums(since_on=header.since_on, until_on=header.until_on, numbers=communities):
            if sums.on < header.since_on:
                earlier.add(sums.on)
            writer.sums(sums)
        for readings in read_all(
            since_on=header.since_on,
            until_on=header.until_on,
            today=today,
            numbers={pk: numbers[pk] for pk in (header.district_id, *communities)},
            district=header.district_id,
            also=earlier,
        ):
            writer.readings(readings)
        digest = writer.close(_sign)
        out.flush()
        os.fsync(out.fileno())
    return digest, writer.counts


def _sign(message: bytes) -> tuple[str, str]:
    algorithm, _key_id, signature = keys.sign(message)
    return algorithm, signature


def file_name(header: Header) -> str:
    """Give the usual name of a file: district, last day, number."""
    last = header.until_on - timedelta(days=1)
    return f"figures-{header.code[:6]}-{last.isoformat()}-{header.number:05d}.jsonl.gz"


@task("insight.hand_figures_up", lane=tasks.LONG)
def hand_figures_up(job: Running) -> None:
    """Write the file of the last whole day into the folder of feeds, where one is named."""
    if settings.FEED_DIR is None or is_upper():
        return
    at = clock.now()
    write_nightly(actor=job.actor, folder=Path(settings.FEED_DIR), at=at)


def write_nightly(*, actor: Actor, folder: Path, at: datetime) -> Written | None:
    """Write what came since the last file, reaching back a week; nothing where no whole day came."""
    today = clock.local_day(at)
    with scope.everything():
        last = feed_contents.last_export()
        first = feed_contents.first_day()
    if last is not None and last.until_on >= today:
        return None
    since = last.until_on - REACHES_BACK if last is not None else (first or today)
    if since >= today:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    card_file = folder / f"figures-key-{key_card().code[:6]}.json"
    if not card_file.exists():
        from lianxin.domain.reporting.rules.feed_keys import write_card

        card_file.write_text(write_card(key_card()), encoding="utf-8")
    made = write_feed(actor=actor, since_on=since, at=at, path=folder / ".next")
    placed = folder / file_name(made.header)
    made.path.replace(placed)
    return Written(placed, made.header, made.digest, made.counts)
