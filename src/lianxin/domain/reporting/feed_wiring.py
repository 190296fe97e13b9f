"""What the files of districts contribute: proofs of what a city or a province holds."""

from lianxin.domain.reporting.queries import feeds
from lianxin.platform.contributions import Check, Reference

CHECKS = (
    Check("figures of districts are what their files say", feeds.check_files),
    Check("roll-ups of districts are those of their communities", feeds.check_district_rollups),
)
REFERENCES = (
    Reference("reporting.FeedFile", "account_id", "account"),
    Reference("reporting.FeedExport", "account_id", "account"),
)
