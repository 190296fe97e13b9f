"""What insight contributes: the proofs of its figures."""

from datetime import time

from lianxin.insight import briefing_tasks, feed_tasks, register_tasks  # noqa: F401 - register their tasks
from lianxin.insight.checks import check_figures
from lianxin.platform.contributions import Check, Contribution, Schedule

CONTRIBUTION = Contribution(
    module="insight",
    checks=(Check("figures equal records", check_figures, of_facts=True),),
    schedules=(Schedule("hand figures up to the city", task="insight.hand_figures_up", daily_at=time(1, 30)),),
)
