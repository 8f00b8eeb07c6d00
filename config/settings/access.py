"""Who gets in: helpers, second factors and borrowed rights."""

import environ

env = environ.Env()

# A leader has so many pickup helpers at a time.
HELPERS_MAX = env.int("HELPERS_MAX", default=3)
# Roles that reach the administration or money show a code of their phone once in
# every session. Off for development, the demo and tests.
STAFF_TOTP_REQUIRED = env.bool("STAFF_TOTP_REQUIRED", default=False)
# What the phone's list of codes calls us.
OTP_TOTP_ISSUER = env.str("TOTP_ISSUER", default="Tuanpei")
# Borrowed rights end after so many minutes at the latest.
ELEVATION_MINUTES_MAX = env.int("ELEVATION_MINUTES_MAX", default=60)
