"""Every name of the conference web services, once: a correction is a change of one line.

`conference_reservation_create`, `conference_name` and `divert` are published; the names of its
other three parameters are those of the published client. All the rest was never seen and is
assumed.
"""

from typing import Final

# Operations: their paths, without the slash
CREATE: Final = "conference_reservation_create"
"""Published."""
MODIFY: Final = "conference_reservation_modify"
REMOVE: Final = "conference_reservation_remove"
LIST: Final = "conference_list"
PARTICIPANTS: Final = "conference_participant_list"
SET_OPTIONS: Final = "conference_participant_set_options"
EJECT: Final = "conference_participant_eject"

# Parameters, and members of what is answered
NAME: Final = "conference_name"
"""Published."""
DIVERT: Final = "divert"
"""Published."""
MAX_PARTICIPANTS: Final = "max_participants"
"""Of the published client, as the next two."""
START_TIME: Final = "start_time"
DURATION: Final = "duration"
"""In minutes, which is assumed."""
STATE: Final = "state"
PARTICIPANT: Final = "participant"
TALKER: Final = "talker"
"""As in a page's conference participant, where it and the next but one are published."""
MUTED: Final = "muted"
DESTROY_ON_EXIT: Final = "destroy_on_exit"

# Members of what is answered alone
RESERVED: Final = "reserved"
PARTICIPANT_COUNT: Final = "participants"
INSTANCE: Final = "application_instance_id"
"""As elsewhere in the web services."""
FROM: Final = "from"
SECONDS_IN: Final = "duration"
