"""The one error that callers of the stack see."""


class StackError(Exception):
    """An expected failure: ``message`` is one line for stderr, ``details`` may hold the end of a log."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return f"{self.message}\n{self.details}" if self.details else self.message


class PortLostError(Exception):
    """Somebody else took a port between its choice and its use; the start is tried again with others."""
