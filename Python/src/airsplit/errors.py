"""What is raised and warned of: the messages are the program's own."""


class AirSplitError(Exception):
    """What went wrong, in the program's own words."""


class ScenarioError(AirSplitError, ValueError):
    """A scenario, an option or a file that cannot be read: file, line, key, the value given and what is allowed, a line for
    each mistake."""


class RunError(AirSplitError, RuntimeError):
    """A run that failed, or a check that found something."""


class NotEnoughData(AirSplitError):
    """Too few draws, rounds or devices for an answer."""


class ProgramNotFound(AirSplitError, FileNotFoundError):
    """There is no program to call."""


class AirSplitWarning(UserWarning):
    """What the program warns of."""
