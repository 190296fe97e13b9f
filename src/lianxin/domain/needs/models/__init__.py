"""Tables of needs; one file per noun."""

from .examples import CategoryExample
from .lists import Need, NeedVerdict
from .reports import Answer, NeedReport
from .submissions import Submission, SubmissionFile
from .surveys import Survey, SurveyCommunity, SurveyQuota, SurveyVersion
from .visits import Visit, VisitConflict, VisitDevice, VisitPromise

__all__ = [
    "Answer",
    "CategoryExample",
    "Need",
    "NeedReport",
    "NeedVerdict",
    "Submission",
    "SubmissionFile",
    "Survey",
    "SurveyCommunity",
    "SurveyQuota",
    "SurveyVersion",
    "Visit",
    "VisitConflict",
    "VisitDevice",
    "VisitPromise",
]
