"""The far end's mistakes in RTP and RTCP.

RemoteRtpError      a datagram or payload that can't be read; count it and drop it
"""


class RemoteRtpError(Exception):
    """Bytes that are not what RFC 3550 or RFC 4733 describes."""
