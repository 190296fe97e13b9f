"""Sites of the journeys: a copy is a deployment of its own."""

from tests.support.clocked import MovedClock
from tests.support.site import Site


def test_clock_that_moves_at_a_copied_site_moves_at_no_other(tmp_path):
    built = Site(folder=tmp_path / "built")
    built.folder.mkdir()
    lecture, later = built.copy_to(tmp_path / "lecture"), built.copy_to(tmp_path / "later")

    MovedClock.of(lecture)

    assert "MOVED_CLOCK" in lecture.environment()
    assert "MOVED_CLOCK" not in later.environment()
    assert "MOVED_CLOCK" not in built.copy_to(tmp_path / "last").environment()
