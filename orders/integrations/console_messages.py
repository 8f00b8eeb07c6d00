"""Messages on the log, for development and demos."""

import logging

from leaders.domain.phones import mask_phone
from orders.domain.messages import Envelope

logger = logging.getLogger(__name__)


class ConsoleSender:
    """Writes every message to the log; nobody's phone rings."""

    needs_consent = False

    def can_reach(self, envelope: Envelope) -> bool:
        """Everybody."""
        return True

    def send(self, envelope: Envelope) -> str:
        """Write the message, with the phone number masked."""
        logger.info("to %s: %s", mask_phone(envelope.phone), envelope.text)
        return ""
