"""In which time zones a telephone number may be, by the plan of the world's numbers."""

import re
from typing import Final

from callwright.scheduler.requests.window_shape import is_timezone

_INTERNATIONAL: Final = re.compile(r"\+[0-9]{1,31}", re.ASCII)


def zones_of(number: str) -> tuple[str, ...]:
    """Return the IANA names of the zones; none for a number that is of no place, or unknown."""
    if not _INTERNATIONAL.fullmatch(number):
        return ()
    # Its tables take 13 MB and 70 ms, and most servers never ask.
    from phonenumbers import NumberParseException, parse  # noqa: PLC0415
    from phonenumbers import timezone as zones  # noqa: PLC0415

    try:
        parsed = parse(number)
    except NumberParseException:
        return ()
    found = zones.time_zones_for_number(parsed)
    if found == (zones.UNKNOWN_TIMEZONE,):
        # No number in use looks like it; where it begins tells the place all the same.
        found = zones.time_zones_for_geographical_number(parsed)
    return tuple(
        sorted(name for name in found if name != zones.UNKNOWN_TIMEZONE and is_timezone(name))
    )
