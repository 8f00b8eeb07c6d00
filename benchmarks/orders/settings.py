"""Production, but with the sandbox as the payment provider: a benchmark has no merchant."""

from config.settings.production import *

PAYMENT_PROVIDER = "sandbox"
PAYMENT_SANDBOX_OPEN = True
