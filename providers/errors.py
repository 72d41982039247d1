"""What can go wrong in a domain function besides a missing permission."""


class Refused(Exception):
    """This cannot be done as things stand; the message tells the person why, in Dutch."""
