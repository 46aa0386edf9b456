"""Why a message was not sent."""


class Refused(Exception):
    """The channel will never take this message: another try is of no use."""


class Unavailable(Exception):
    """The channel did not answer, or broke off: the message may or may not have gone."""


class NotToBeSent(Exception):
    """What held when the message was planned holds no more."""
