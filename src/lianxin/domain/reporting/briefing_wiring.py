"""What briefings contribute."""

from lianxin.domain.reporting.queries.briefings import check_issued
from lianxin.platform.contributions import Check

CHECKS = (Check("issued_briefings", check_issued),)
