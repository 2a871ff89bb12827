"""`/client/{client_id}/record`: what was recorded of callbacks, in the client's media files."""

import re
from typing import Final

from callwright.api.client.call_history import period
from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import DELETED, ClientRequest, json_answer, list_answer
from callwright.api.exchange import Answer, Stream
from callwright.api.file_download import send_file
from callwright.domain.callback import CallUuid, ExtensionId
from callwright.domain.file_names import FileType, file_name
from callwright.files.ports import UnknownFile
from callwright.scheduler.history.calls import Recording, RecordingFilter
from callwright.scheduler.history.printing import print_recording

_UUID: Final = re.compile(r"[0-9A-F]{32}")
_NO_RECORDING: Final = ("there is no such recording", "record_not_found")


async def list_recordings(request: ClientRequest) -> Answer:
    """List the recordings of a period."""
    query = request.query()
    page, extension_id = query.page(), query.number("extension_id")
    start, end = period(query)
    query.check()
    wanted = RecordingFilter(
        start, end, None if extension_id is None else ExtensionId(extension_id)
    )
    calls = request.doors.callbacks.history.calls_kept
    found, count = await calls.recordings(request.account_id, wanted, page)
    return list_answer([print_recording(one) for one in found], page, count)


async def read_recording(request: ClientRequest) -> Answer:
    """Read what is known of a recording."""
    return json_answer(print_recording(await _recording(request)))


async def read_recorded_sound(request: ClientRequest) -> Answer | Stream:
    """Send a recording's file, or the part of it that is asked for."""
    recording = await _recording(request)
    name = file_name(FileType.MEDIA, recording.filename)
    try:
        file = await request.doors.files.open(request.account_id, name)
    except UnknownFile:
        # Deleted by its name, or another server's of a cluster.
        message = f"the file {name} is not on this server"
        raise ClientFault(404, message, "record_file_not_found") from None
    return send_file(request.exchange, name, file)


async def delete_recording(request: ClientRequest) -> Answer:
    """Delete a recording and its file; the call stays."""
    recording = await _recording(request)
    # The file first: what is cut between the two can be asked for again.
    await request.doors.files.delete(
        request.account_id, file_name(FileType.MEDIA, recording.filename)
    )
    calls = request.doors.callbacks.history.calls_kept
    await calls.delete_recording(request.account_id, recording.record_uuid)
    return DELETED


async def _recording(request: ClientRequest) -> Recording:
    named = request.exchange.path_parameters["record_uuid"].upper()
    found = None
    if _UUID.fullmatch(named):
        calls = request.doors.callbacks.history.calls_kept
        found = await calls.recording(request.account_id, CallUuid(named))
    if found is None:
        raise ClientFault(404, *_NO_RECORDING)
    return found
