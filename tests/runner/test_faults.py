"""Which error report and exit status a fault leads to."""

import pytest

from callwright.protocol.pages.errors import FaultCode
from callwright.runner.faults import InstanceFault

REPORTS = {
    FaultCode.PAGE_REQUEST_FAILED: ("2101", -1),
    FaultCode.INVALID_RESPONSE: ("2102", -2),
    FaultCode.UNKNOWN_ACTION: ("2102", -2),
    FaultCode.API_VERSION_MISMATCH: ("2103", -2),
    FaultCode.INVALID_STATE: ("2104", -2),
    FaultCode.MEDIA_NOT_FOUND: ("2104", -2),
    FaultCode.MEDIA_INVALID: ("2104", -2),
    FaultCode.MEDIA_DOWNLOAD_FAILED: ("2104", -2),
    FaultCode.DECRYPTION_FAILED: ("2104", -2),
    FaultCode.TTS_FAILED: ("2104", -2),
    FaultCode.SPEECH_RECOGNITION_FAILED: ("2104", -2),
    FaultCode.TRANSLATION_FAILED: ("2104", -2),
    FaultCode.CIPHER_REQUIRED: ("2104", -2),
    FaultCode.TOO_MANY_REQUESTS: ("2104", -2),
    FaultCode.NO_CHANNELS: ("2105", -2),
    FaultCode.NO_SPEECH_STREAMS: ("2106", -2),
    FaultCode.INTERNAL_ERROR: ("2199", -9),
}


@pytest.mark.parametrize("code", FaultCode)
def test_every_code_has_its_report(code: FaultCode) -> None:
    fault = InstanceFault(code, "text")
    assert (fault.error_code, fault.exit_status) == REPORTS[code]
