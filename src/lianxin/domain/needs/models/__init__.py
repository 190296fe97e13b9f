"""Tables of needs; one file per noun."""

from .examples import CategoryExample
from .lists import Need, NeedVerdict
from .posts import AnonymousPost
from .reports import Answer, NeedReport
from .submissions import Submission, SubmissionFile
from .surveys import Survey, SurveyCommunity, SurveyDevice, SurveyPicture, SurveyQuota, SurveyVersion
from .visits import Visit, VisitConflict, VisitDevice, VisitPromise

__all__ = [
    "AnonymousPost",
    "Answer",
    "CategoryExample",
    "Need",
    "NeedReport",
    "NeedVerdict",
    "Submission",
    "SubmissionFile",
    "Survey",
    "SurveyCommunity",
    "SurveyDevice",
    "SurveyPicture",
    "SurveyQuota",
    "SurveyVersion",
    "Visit",
    "VisitConflict",
    "VisitDevice",
    "VisitPromise",
]
