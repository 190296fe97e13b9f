"""Pages of votes, registers and opinion maps in the office: the way from a table of flats to a result in bars."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.voice.models import AssentRegister, Ballot, OpinionMap, RegisterFlat, Statement, Vote
from lianxin.domain.voice.queries import vote_checks
from lianxin.platform import scope, worker
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditEntry, Run
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
TABLE = "房号,建筑面积,业主\n101,80.00,陈大明\n102,90.50,陈大明\n201,100.25,林小英、黄国华\n202,60.00,郑美玲\n"


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英, in English so that tests read the msgids."""
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


def post(client: Client, page: str, kwargs: dict[str, Any] | None = None, query: str = "", **data: Any) -> Any:
    return client.post(reverse(f"staff:{page}", kwargs=kwargs or {}) + query, {"key": new_id(), **data})


def one(model: Any, **wanted: Any) -> Any:
    with scope.everything():
        return model.objects.get(**wanted)


def begun(clerk: Client, table: str = TABLE) -> AssentRegister:
    """A register with the table of flats, through the pages."""
    made = post(clerk, "register_new", name="翠英苑1栋", source_words="房产登记")
    row = one(AssentRegister)
    assert made.url == reverse("staff:register", kwargs={"register": row.pk})
    start = f"{reverse('staff:import_new')}?kind=voice.register&register={row.pk}"
    assert start.replace("&", "&amp;") in clerk.get(made.url).content.decode()
    form = clerk.get(start)
    assert str(row.pk) in form.content.decode()
    clerk.post(start, {
        "key": new_id(), "kind": "voice.register", "register": row.pk,
        "file": SimpleUploadedFile("业主.csv", table.encode(), "text/csv"),
    })  # fmt: skip
    worker.drain()
    return row


def test_wrong_table_is_refused_with_its_rows_and_the_way_back_to_the_register(
    clerk: Client, small_district: SmallDistrict
) -> None:
    row = begun(clerk, TABLE.replace("90.50", "很大").replace("60.00", "0"))
    run = Run.objects.get(options__register=str(row.pk))

    page = clerk.get(reverse("staff:import", kwargs={"run": run.pk})).content.decode()

    assert run.state == Run.State.REFUSED
    assert "很大" in page
    assert f"register={row.pk}" in page
    assert one(AssentRegister).flats == 0


def test_from_the_table_to_a_counted_vote_that_everybody_can_check(
    clerk: Client, small_district: SmallDistrict
) -> None:
    register = begun(clerk)
    run = Run.objects.get(options__register=str(register.pk))
    post(clerk, "import_apply", {"run": run.pk})
    worker.drain()
    here = {"register": register.pk}
    flats = clerk.get(reverse("staff:register_flats", kwargs=here)).content.decode()
    assert "100.25" in flats
    assert "林小英" not in flats
    post(clerk, "register_fix", here)
    asked = {"question": "加装电梯吗", "register": register.pk, "weight": "ordinary", "proxy_limit": "1"}

    assert "method=assent" in clerk.get(reverse("staff:vote_new")).content.decode()
    post(clerk, "vote_new", query="?method=assent", **asked)
    vote = one(Vote)
    named = {"vote": vote.pk}
    post(clerk, "vote_open", named)
    for flat, choice, more in (
        ("101", "agree", {}),
        ("102", "agree", {"proxy_name": "代一", "proof_words": "第3号"}),
        ("201", "against", {}),
    ):
        sent = post(clerk, "vote_ballot", named, flat_number=flat, choice=choice, how="door", **more)
        assert sent.url == reverse("staff:vote_ballot", kwargs=named) + "?how=door"
    over = post(clerk, "vote_ballot", named, flat_number="202", choice="agree", how="hall", proxy_name="代一",
                proof_words="第4号")  # fmt: skip
    twice = post(clerk, "vote_ballot", named, flat_number="101", choice="against", how="hall")
    unknown = post(clerk, "vote_ballot", named, flat_number="999", choice="agree", how="hall")
    assert {answer.status_code for answer in (over, twice, unknown)} == {422}
    assert "代一" in over.content.decode()
    left = clerk.get(reverse("staff:vote_not_reached", kwargs=named)).content.decode()
    assert "202" in left
    post(clerk, "vote_try", named | {"flat": one(RegisterFlat, flat="202").pk}, reach="not_reached")
    told = post(clerk, "vote_close", named, version=one(Vote).version)
    assert "3 of 3" not in told.content.decode()
    assert one(Vote).state == "open"
    post(clerk, "vote_close", named, version=one(Vote).version, confirmed="yes")
    post(clerk, "vote_publish", named)

    with CaptureQueriesContext(connection) as counted:
        page = clerk.get(reverse("staff:vote", kwargs=named)).content.decode()
    assert len(counted) <= MOST_QUERIES
    ended = one(Vote)
    assert (ended.state, ended.is_public, ended.result["figures"]["took_part"]["heads"]) == ("closed", True, 2)
    assert "share-part" in page
    assert ended.export_digest in page
    assert "陈大明" not in clerk.get(reverse("staff:vote_file", kwargs=named)).content.decode("utf-8-sig")
    names = post(clerk, "vote_file_names", named, reason="业委会复核")
    assert "陈大明" in names.content.decode("utf-8-sig")
    assert AuditEntry.objects.filter(action="platform.look_behind_mask", reason="业委会复核").exists()
    late = post(clerk, "vote_ballot", named, flat_number="202", choice="agree", how="door")
    assert late.status_code == 422
    assert list(vote_checks.results_are_counted_ballots()) == []
    public = Client().get(reverse("resident:vote", args=[ended.pk])).content.decode()
    assert ended.export_digest in public


def test_proof_of_a_proxy_is_kept_and_shown_to_the_office(clerk: Client, small_district: SmallDistrict) -> None:
    register = begun(clerk)
    post(clerk, "import_apply", {"run": Run.objects.get(options__register=str(register.pk)).pk})
    worker.drain()
    post(clerk, "register_fix", {"register": register.pk})
    post(clerk, "vote_new", query="?method=assent", question="修屋顶吗", register=register.pk, weight="major")
    named = {"vote": one(Vote).pk}
    post(clerk, "vote_open", named)

    post(clerk, "vote_ballot", named, flat_number="101", choice="agree", how="paper", proxy_name="代一",
         proof=SimpleUploadedFile("委托.png", PNG, "image/png"))  # fmt: skip
    ballot = one(Ballot)
    shown = clerk.get(reverse("staff:vote_ballot_proof", kwargs={"ballot": ballot.pk}))
    post(clerk, "vote_ballot_back", {"ballot": ballot.pk}, words="委托撤回")

    assert shown.status_code == 200
    assert one(Ballot).is_replaced


@pytest.mark.parametrize(
    ("method", "asked", "ballots"),
    [
        ("hands", {"quorum": "3"}, [{"present": 9, "for": 5, "against": 2, "abstain": 1}]),
        ("consent", {}, [{"voter_name": "甲", "choice": "consent"}, {"voter_name": "乙", "choice": "aside"}]),
        ("score", {"options": "电梯\n屋顶", "most_points": "5"}, [{"voter_name": "甲", "option_a": 5, "option_b": ""}]),
        ("schulze", {"options": "电梯\n屋顶"}, [{"voter_name": "1号票", "option_a": 2, "option_b": 1}]),
    ],
)
def test_every_other_way_of_voting_is_held_on_its_pages(
    clerk: Client, small_district: SmallDistrict, method: str, asked: dict[str, Any], ballots: list[dict[str, Any]]
) -> None:
    post(clerk, "vote_new", query=f"?method={method}", question="先做哪一样", **asked)
    named = {"vote": one(Vote).pk}
    post(clerk, "vote_open", named)
    for ballot in ballots:
        assert post(clerk, "vote_ballot", named, how="hall", **ballot).status_code == 302
    assert clerk.get(reverse("staff:vote_ballots", kwargs=named)).status_code == 200

    post(clerk, "vote_close", named, version=one(Vote).version, confirmed="yes")

    page = clerk.get(reverse("staff:vote", kwargs=named)).content.decode()
    assert one(Vote).result["carried"] is True
    assert "share-bar" in page


def test_map_is_begun_filled_from_cards_looked_after_and_worked_out(
    clerk: Client, small_district: SmallDistrict
) -> None:
    made = post(clerk, "opinion_map_new", question="院子怎么办", statements="先修电梯\n要种树\n夜里太吵", min_group="3",
                may_add="on", is_public="on")  # fmt: skip
    row = one(OpinionMap)
    named = {"map": row.pk}
    assert made.url == reverse("staff:map", kwargs=named)
    post(clerk, "opinion_map_open", named)
    post(clerk, "statement_new", named, words="楼道要有灯")
    for card, marks in (("1", "++-+"), ("2", "++-+"), ("3", "++-+"), ("4", "-+++")):
        assert post(clerk, "opinion_map_cards", named, card=card, marks=marks).status_code == 302
    wrong = post(clerk, "opinion_map_cards", named, card="5", marks="++")
    again = post(clerk, "opinion_map_cards", named, card="1", marks="--++")
    assert (wrong.status_code, again.status_code) == (422, 422)
    paper = clerk.get(reverse("staff:opinion_map_paper", kwargs=named)).content.decode()
    assert "楼道要有灯" in paper
    hidden = one(Statement, number=3)
    post(clerk, "statement", {"statement": hidden.pk}, decision="hidden", reason="two")

    post(clerk, "opinion_map_close", named)
    worker.drain()

    with CaptureQueriesContext(connection) as counted:
        page = clerk.get(reverse("staff:map", kwargs=named)).content.decode()
    assert len(counted) <= MOST_QUERIES
    assert "share-agree" in page
    assert one(Statement, number=3).words == "夜里太吵"
    assert "3,4,1,0" in clerk.get(reverse("staff:opinion_map_file", kwargs=named)).content.decode()
    assert ",3," not in clerk.get(reverse("staff:opinion_map_file", kwargs=named)).content.decode().split("\n", 1)[1]
    for name in ("votes", "registers", "opinion_maps", "opinion_map_waiting"):
        assert clerk.get(reverse(f"staff:{name}")).status_code == 200
        assert clerk.get(reverse(f"staff:{name}") + "?as=xlsx").status_code == 200


def test_pages_are_not_there_for_hosts_and_other_communities(small_district: SmallDistrict, clerk: Client) -> None:
    register = begun(clerk)
    stranger, host = Client(), Client()
    small_district.log_in(stranger, "jinzhou.waisha1")
    small_district.log_in(host, "host")

    assert host.get(reverse("staff:votes")).status_code == 404
    assert stranger.get(reverse("staff:register", kwargs={"register": register.pk})).status_code == 404
    assert post(stranger, "register_fix", {"register": register.pk}).status_code == 404
