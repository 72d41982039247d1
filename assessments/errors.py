"""What can go wrong in a domain function besides a missing permission."""


class WrongState(Exception):
    """The object is no longer in a state in which this can be done; the message is its status."""


class NotReady(Exception):
    """The step is allowed but something is missing; the message tells what, in Dutch."""
