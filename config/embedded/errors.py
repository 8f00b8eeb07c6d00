"""The one error of the embedded servers, in words for the person at the terminal."""


class EmbeddedServerError(Exception):
    """An embedded server cannot run here; the message says why and what to do."""
