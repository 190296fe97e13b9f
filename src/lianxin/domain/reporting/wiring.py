"""What the reporting module contributes to the house."""

from lianxin.domain.reporting import briefing_wiring, feed_wiring, requests_wiring
from lianxin.platform.contributions import Contribution

CONTRIBUTION = Contribution(
    module="reporting",
    consequences=(*requests_wiring.CONSEQUENCES,),
    measures=(*requests_wiring.MEASURES,),
    checks=(*requests_wiring.CHECKS, *briefing_wiring.CHECKS, *feed_wiring.CHECKS),
    retention=(*requests_wiring.RETENTION,),
    schedules=(*requests_wiring.SCHEDULES,),
    references=feed_wiring.REFERENCES,
    sample=(*requests_wiring.SAMPLE,),
)
