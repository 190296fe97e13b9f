"""Killing the database, or the program, while points are given and spent: what was answered is kept, whole."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import copy_of
from tests.faults.deployment import Deployment, wait_for
from tests.faults.test_killed_postgresql import Server

pytestmark = pytest.mark.faults
SPENDERS = 3
PROGRAMS = "tests.faults.ledger_programs"
SQL = {
    "balances that are not their lines'": """
        SELECT count(*) FROM points_account a WHERE guarded AND balance <>
        (SELECT coalesce(sum(delta), 0) FROM points_line l WHERE l.account_id = a.id)""",
    "balances that are not their transfers'": """
        SELECT count(*) FROM points_account a WHERE guarded AND balance <>
        (SELECT coalesce(sum(points), 0) FROM points_transfer t WHERE t.dst_id = a.id) -
        (SELECT coalesce(sum(points), 0) FROM points_transfer t WHERE t.src_id = a.id)""",
    "households whose lots are not their balance": """
        SELECT count(*) FROM points_account a WHERE kind = 'household' AND balance <>
        (SELECT coalesce(sum(remaining), 0) FROM points_lot l WHERE l.account_id = a.id)""",
    "households that hold other than their live holds": """
        SELECT count(*) FROM points_account a WHERE held <>
        (SELECT coalesce(sum(points), 0) FROM points_hold h WHERE h.account_id = a.id AND h.state = 'held')""",
    "stock that is not its moves": """
        SELECT count(*) FROM shop_stock s WHERE on_hand <>
        (SELECT coalesce(sum(quantity), 0) FROM shop_stockmove m WHERE m.stock_id = s.id)""",
    "stock promised other than to waiting orders": """
        SELECT count(*) FROM shop_stock s WHERE reserved <>
        (SELECT coalesce(sum(l.quantity), 0) FROM shop_redemptionline l JOIN shop_redemption r ON r.id = l.redemption_id
        WHERE r.state = 'reserved')""",
    "transactions without an act, or acts without a transaction": """
        SELECT (SELECT count(*) FROM points_txn WHERE kind IN ('award', 'redeem')) -
        (SELECT count(*) FROM points_claim WHERE state = 'awarded') -
        (SELECT count(*) FROM shop_redemption WHERE state = 'collected')""",
    "keys claimed without an outcome": "SELECT count(*) FROM platform_remembered WHERE outcome IS NULL",
}


@pytest.fixture(scope="module")
def prepared_shop(
    prepared: Deployment, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Deployment:
    made = copy_of(prepared, tmp_path_factory.mktemp("prepared-shop"), request.config)
    made.programs = PROGRAMS
    made.program("prepare")
    return made


@pytest.fixture
def shop(prepared_shop: Deployment, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Deployment]:
    made = copy_of(prepared_shop, tmp_path / "site", request.config)
    made.programs = PROGRAMS
    yield made
    made.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def start_spenders(deployment: Deployment, folder: Path) -> list[subprocess.Popen[bytes]]:
    """Start several processes that award and redeem."""
    folder.mkdir()
    return [deployment.start("spend", str(folder), str(number)) for number in range(1, SPENDERS + 1)]


def answered(folder: Path) -> list[str]:
    """Give what the processes saw answered so far; a line that death cut short is none."""
    return [line for path in folder.glob("answered-*") for line in path.read_text().split("\n")[:-1]]


def wait_for_answers(folder: Path, more: int) -> list[str]:
    """Wait until every process got an answer, and all together so many more than now."""
    enough = len(answered(folder)) + more
    wait_for(lambda: len(answered(folder)) >= enough, f"{more} more answers")
    wait_for(lambda: all(path.stat().st_size for path in folder.glob("answered-*")), "an answer for each")
    return answered(folder)


def assert_kept(deployment: Deployment, acknowledged: list[str]) -> None:
    """Every answer that somebody saw is in the database, with its key."""
    outcomes = deployment.ask("SELECT count(*) FROM platform_remembered WHERE outcome IS NOT NULL")
    listed = ", ".join(
        f"'{pk}'" if "postgresql" in deployment.database_url else f"'{pk.replace('-', '')}'" for pk in set(acknowledged)
    )
    there = deployment.ask(
        f"SELECT (SELECT count(*) FROM points_claim WHERE id IN ({listed})) +"
        f" (SELECT count(*) FROM shop_redemption WHERE id IN ({listed}))"
    )

    assert there == len(set(acknowledged))
    assert outcomes >= len(acknowledged)


def assert_nothing_half_done(deployment: Deployment) -> None:
    """Sums of rows agree, whatever the program thinks of them."""
    assert {name: deployment.ask(sql) for name, sql in SQL.items()} == dict.fromkeys(SQL, 0)


def assert_proved(deployment: Deployment) -> None:
    """When the worker has folded and sealed what was left, every proof of the program finds all equal."""
    deployment.program("settle")
    found = deployment.verify()
    assert len([name for name in found if name.startswith(("points:", "shop:"))]) >= 16
    assert not any(found.values())


@pytest.mark.postgresql_only
def test_every_acknowledged_award_and_redemption_outlives_a_killed_postgresql(server: Server, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    deployment, folder = Deployment(tmp_path, server.cluster.url), tmp_path / "answers"
    try:
        deployment.program("prepare")
        deployment.programs = PROGRAMS
        deployment.program("prepare")
        spenders = start_spenders(deployment, folder)

        for number in (signal.SIGQUIT, signal.SIGKILL):
            wait_for_answers(folder, 40)
            server.cut_the_power(number)
            assert_kept(deployment, answered(folder))
            assert_nothing_half_done(deployment)
        wait_for_answers(folder, 20)
        (folder / "stop").touch()
        assert [process.wait(timeout=60) for process in spenders] == [0] * SPENDERS

        assert_kept(deployment, answered(folder))
        assert_nothing_half_done(deployment)
        again = deployment.program("send_again", str(folder), "0")
        assert again == {"sent": len(answered(folder)), "other": [], "changed": False}
        assert_proved(deployment)
    finally:
        deployment.stop()


def test_what_killed_programs_saw_answered_is_kept_and_what_they_did_not_is_done_once(
    shop: Deployment, tmp_path: Path
) -> None:
    folder = tmp_path / "answers"
    spenders = start_spenders(shop, folder)

    wait_for_answers(folder, 60)
    for process in spenders:
        process.kill()
    assert [process.wait(timeout=60) for process in spenders] == [-signal.SIGKILL] * SPENDERS

    acknowledged = answered(folder)
    if shop.database_url.startswith("sqlite"):
        assert shop.ask("PRAGMA integrity_check") == "ok"
    assert_kept(shop, acknowledged)
    assert_nothing_half_done(shop)
    assert shop.program("send_again", str(folder), "0") == {"sent": len(acknowledged), "other": [], "changed": False}
    beyond = shop.program("send_again", str(folder), "1")
    assert (beyond["sent"], beyond["other"]) == (len(acknowledged) + SPENDERS, [])
    assert not shop.program("send_again", str(folder), "1")["changed"]
    assert_nothing_half_done(shop)
    assert_proved(shop)


def test_act_of_a_program_that_dies_around_its_commit_is_done_once_for_its_key(shop: Deployment) -> None:
    dies_before = ["when the lines are written", "before COMMIT"]
    dies_after = (
        ["after COMMIT"] if shop.database_url.startswith("sqlite") else ["after COMMIT was sent", "after COMMIT"]
    )

    deaths = shop.program("die", *dies_before, *dies_after)

    assert [(death["act"], death["place"]) for death in deaths] == [
        (act, place) for act in ("award", "redeem") for place in dies_before + dies_after
    ]
    assert {death["signal"] for death in deaths} == {signal.SIGKILL}
    for death in deaths:
        assert death["written_by"] == ("killed" if death["place"] in dies_after else "sent again"), death
        assert death["same"], death
        assert death["once"], death
        assert death["settled"], death
    assert_nothing_half_done(shop)
    assert_proved(shop)
