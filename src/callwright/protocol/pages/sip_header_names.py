"""SIP header fields that a page may not set: those that SIP itself knows (A-66).

The table is that of the IANA registry "Session Initiation Protocol (SIP) Parameters", Header
Fields; the single letters are compact forms (RFC 3261 7.3.3).
"""

from typing import Final

STANDARD_HEADER_NAMES: Final = frozenset(
    """
    a accept accept-contact accept-encoding accept-language accept-resource-priority
    additional-identity alert-info allow allow-events answer-mode authentication-info
    authorization b c call-id call-info cellular-network-info contact content-disposition
    content-encoding content-id content-language content-length content-type cseq d date dc-info e
    encryption error-info event expires f feature-caps flow-timer from geolocation
    geolocation-error geolocation-routing hide history-info i identity identity-info info-package
    in-reply-to j join k l m max-breadth max-expires max-forwards mime-version min-expires min-se
    n o organization origination-id p-access-network-info p-answer-state p-asserted-identity
    p-asserted-service p-associated-uri p-called-party-id p-charge-info
    p-charging-function-addresses p-charging-vector p-dcs-billing-info p-dcs-laes p-dcs-osps
    p-dcs-redirect p-dcs-trace-party-id p-early-media p-media-authorization p-preferred-identity
    p-preferred-service p-private-network-indication p-profile-key p-refused-uri-list
    p-served-user p-user-database p-visited-network-id path permission-missing policy-contact
    policy-id priority priority-share priority-verstat priv-answer-mode privacy proxy-authenticate
    proxy-authorization proxy-require r rack reason reason-phrase record-route recv-info
    refer-events-at refer-sub refer-to referred-by reject-contact relayed-charge replaces reply-to
    request-disposition require resource-priority resource-share response-key response-source
    restoration-info retry-after route rseq s security-client security-server security-verify
    server service-interact-info service-route session-expires session-id sip-etag sip-if-match
    subject subscription-state supported suppress-if-match t target-dialog timestamp to
    trigger-consent u unsupported user-agent user-to-user v via warning www-authenticate x y
    """.split()  # noqa: SIM905 - one name a line would fill pages
)
