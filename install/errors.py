"""The one error of the installation, in words for the person at the terminal."""


class InstallationError(Exception):
    """Something cannot be installed here; the message says why and what to do."""
