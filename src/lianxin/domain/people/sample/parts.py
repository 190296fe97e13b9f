"""The parts that the people module contributes to the sample district."""

from lianxin.platform.contributions import SamplePart

from .organisations import build_organisations
from .residents import build_residents
from .staff import build_staff

PARTS = (
    SamplePart("organisations", build_organisations, order=30),
    SamplePart("staff", build_staff, order=40),
    SamplePart("residents", build_residents, order=50),
)
