"""A carrier in a box: scripted far ends on real SIP and RTP, in a process of their own."""
