"""Tables of activities, one file per noun."""

from .activities import Activity, ActivityCommunity, ActivityOrganiser, Question
from .attendance import Attendance, CrowdLog, NoShow
from .certificates import Certificate, HoursEntry
from .feedback import Feedback, OccurrencePicture
from .feeds import FeedLink
from .occurrences import Occurrence, OccurrenceLimit
from .shifts import Shift, ShiftPlace
from .sign_ups import Answer, ChainPaste, SignUp
from .volunteers import ReportingIn, Skill, Team, TeamMember, Volunteer

__all__ = [
    "Activity",
    "ActivityCommunity",
    "ActivityOrganiser",
    "Answer",
    "Attendance",
    "Certificate",
    "ChainPaste",
    "CrowdLog",
    "FeedLink",
    "Feedback",
    "HoursEntry",
    "NoShow",
    "Occurrence",
    "OccurrenceLimit",
    "OccurrencePicture",
    "Question",
    "ReportingIn",
    "Shift",
    "ShiftPlace",
    "SignUp",
    "Skill",
    "Team",
    "TeamMember",
    "Volunteer",
]
