"""How a check ends that does not hold."""


class Failed(Exception):
    """The data is wrong."""


class Unverifiable(Exception):
    """This script cannot tell."""


def check(holds, otherwise):
    if not holds:
        raise Failed(otherwise)
