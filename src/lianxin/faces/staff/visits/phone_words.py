"""What the phone's script says, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def phone_words() -> dict[str, str]:
    """Give the sentences by the names under which the script knows them."""
    return {**_lock_words(), **_list_words(), **_visit_words(), **_form_words(), **_outbox_words()}


def _lock_words() -> dict[str, str]:
    return {
        "opening": _("Opening…"),
        "wrong_pin": _("These are not the digits."),
        "wait": _("Try again in {span}."),
        "left": _("After {n} more wrong tries the households on this phone are deleted. Unsent visits stay."),
        "seconds": _("{n} seconds"),
        "minutes": _("{n} minutes"),
        "emptied": _("Wrong ten times: the households are deleted from this phone. The unsent visits are still here."),
        "emptied_all": _("Wrong ten times: everything is deleted from this phone. Nothing was left to send."),
        "expired": _("The time is over: the households are deleted from this phone. Unsent visits are still here."),
        "expired_all": _("The time is over: the households are deleted from this phone. All visits were sent."),
        "wiped": _("This phone carries nothing any more."),
        "wipe_unsent": _("{n} visits on this phone are not sent. They would be lost."),
        "unsent": _("{n} visits on this phone are not sent yet."),
        "pin_short": _("Take at least 6 digits."),
        "pin_simple": _("These digits are too easy to guess. Take others."),
        "pin_differs": _("The two are not the same. Type the digits again."),
        "taking": _("Taking along…"),
        "taken": _("{n} households are on this phone until {day}."),
        "try_later": _("Very busy just now. Please try again in a moment."),
        "recovering": _("Asking the office…"),
        "recovered": _("Open again with the new digits. What was not sent is still here."),
        "password_missing": _("Type your password for the office first."),
        "log_in_first": _("Please log in first, then come back here."),
        "take_needs_network": _("There is no network now. Take households along where there is one."),
        "full": _("This phone has no room left, so the last change is not kept. Make some room first."),
    }


def _list_words() -> dict[str, str]:
    return {
        "online": _("There is a network"),
        "offline": _("No network: keep writing"),
        "due": _("by {day}"),
        "late": _("late"),
        "household": _("Household {number}"),
        "and": pgettext("between names", ", "),
        "until": _("Taken along {from}, on this phone until {until}"),
        "households_gone": _("The households are no longer on this phone. What you began can still be finished."),
        "none_found": _("No household fits. Look at the spelling."),
        "none_left": _("No visits are on this phone. Take some along where there is a network."),
        "outbox_waits": _("to send or to look at"),
        "outbox_empty": _("nothing waits"),
        "state_planned": pgettext("visit on the phone", "not yet"),
        "state_draft": _("begun"),
        "state_ready": _("waits to be sent"),
        "state_photos": _("sent, {n} photographs to follow"),
        "state_taken": pgettext("visit on the phone", "sent"),
        "state_conflict": _("two records differ"),
        "state_refused": _("not taken"),
    }


def _visit_words() -> dict[str, str]:
    return {
        "age": _("{n} years old"),
        "last": _("{day}: {outcome}"),
        "done": _("somebody was met"),
        "absent": _("nobody was in"),
        "refused": _("not wanted"),
        "made_on": _("promised {day}"),
        "why_dropped": _("Why it cannot be kept"),
        "how_kept": _("How it went (may be left empty)"),
        "saved": _("Kept on this phone {time}"),
        "going_on": _("Go on where you were."),
        "here": _("Put down this place"),
        "remove_place": _("Leave the place out"),
        "locating": _("Looking for the place…"),
        "located": _("The place is put down, to about {n} metres."),
        "not_located": _("The place was not found. Leave it out, or try again outside."),
        "no_outcome": _("Choose first whether somebody was met."),
        "no_reason": _("Say why the promise cannot be kept."),
        "questions_wrong": _("{n} answers in the questionnaire are missing or need another look."),
        "finished": _("In the outbox. It is sent as soon as there is a network."),
    }


def _form_words() -> dict[str, str]:
    return {
        "required": _("must be answered"),
        "choose": pgettext("select", "Choose"),
        "acknowledged": _("Read"),
        "place_shape": _("latitude longitude"),
        "add_one": _("Add another"),
        "remove_one": _("Take this one out"),
        "repetition": pgettext("repetition", "{label} {n}"),
        "choose_photo": _("Take a photograph"),
        "remove_photo": _("Take the photograph out"),
        "photo_kept_soon": _("Keeping the photograph…"),
        "photo_broken": _("This file is not a photograph that the phone can read. Take another one."),
        "photo_gone": _("The photograph is not on this phone any more."),
        "wrong_required": _("Please answer this."),
        "wrong_constraint": _("Please look at this answer again."),
        "wrong_unknown_choice": _("This answer is not on offer any more. Choose again."),
        "wrong_not_an_integer": _("Write a whole number here."),
        "wrong_not_a_number": _("Write a number here."),
        "wrong_not_a_date": _("Choose a day here."),
        "wrong_not_a_place": _("Write a place as two numbers, or press the button."),
        "wrong_too_large": _("This number is too large."),
        "wrong_too_long": _("This is too long. Shorten it."),
    }


def _outbox_words() -> dict[str, str]:
    return {
        "waits": _("{n} visits wait to be sent."),
        "all_sent": _("All is sent."),
        "nothing_finished": _("Finished visits appear here until they are sent."),
        "finished_at": _("finished {at}"),
        "sending": _("Sending…"),
        "sent": _("{n} visits were sent."),
        "sent_with_questions": _("Sent. Some records need a look: see the outbox."),
        "no_network": _("There is no network. It is sent by itself as soon as there is one."),
        "no_answer": _("The office did not answer. Everything stays here and is sent again."),
        "busy": _("The office is very busy just now. Everything stays here and is sent again."),
        "broken": _("The office could not take it now (number {n}). Everything stays here and is sent again."),
        "log_in": _("Please log in again in another window, then press “Send now”. Nothing is lost."),
        "only_here": _("This record lies only on this phone. Put it right, or show it to your office."),
        "change": _("Change it"),
        "put_right": _("Put it right and send again"),
        "seen": _("Seen, take it off the list"),
        "without_photos": _("Leave the photographs out"),
    }
