"""Business settings: estimates, limits and promises; the operator may change each."""

import environ

env = environ.Env()

# Estimates -----------------------------------------------------------------
ROAD_FACTOR = env.float("ROAD_FACTOR", default=1.3)
ROAD_SPEED_KMH = env.float("ROAD_SPEED_KMH", default=25.0)
TOTE_FILL_ML = env.int("TOTE_FILL_ML", default=48_000)
TOTE_MAX_WEIGHT_G = env.int("TOTE_MAX_WEIGHT_G", default=20_000)
SERVICE_S_PER_TOTE = env.int("SERVICE_S_PER_TOTE", default=36)
# Every floor without a lift adds so many seconds to every tote.
SERVICE_S_PER_TOTE_FLOOR = env.int("SERVICE_S_PER_TOTE_FLOOR", default=20)
RELOAD_MINUTES = env.int("RELOAD_MINUTES", default=20)
# What a delivery after the hour a leader wished for costs.
LATENESS_FEN_PER_HOUR = env.int("LATENESS_FEN_PER_HOUR", default=3_000)
# What it is worth to leave a stop with the driver who knows it, and in a plan
# that is changed while goods are sorted for it, with the vehicle it is on.
ROUTE_CHANGE_FEN = env.int("ROUTE_CHANGE_FEN", default=600)
REPLAN_CHANGE_FEN = env.int("REPLAN_CHANGE_FEN", default=5_000)
# Cold totes need a chilled vehicle or an insulated place; where every van
# carries boxes with ice, nothing binds.
COLD_TOTES_BIND = env.bool("COLD_TOTES_BIND", default=False)
SOLVER_SECONDS = env.int("SOLVER_SECONDS", default=30)
SOLVER_SEED = env.int("SOLVER_SEED", default=1)
SHORTAGE_RULE = env.str("SHORTAGE_RULE", default="paid_time")  # or leader_quota
# From this share of a SKU missing, a quota for every leader is offered first.
SHORTAGE_QUOTA_FROM_PERCENT = env.int("SHORTAGE_QUOTA_FROM_PERCENT", default=5)
# So long before the first truck leaves, shortages become final and are refunded.
SHORTAGES_FINAL_LEAD_MINUTES = env.int("SHORTAGES_FINAL_LEAD_MINUTES", default=30)
# Fernet keys that seal identity and bank numbers, the newest first; without any,
# development derives one from SECRET_KEY. `rotate_identity_keys` moves on.
IDENTITY_KEYS = env.list("IDENTITY_KEYS", default=[])
# A statement below the least payout is carried into the next; who owes more than
# the debt is shown to finance. Tax on an individual's commission is withheld by
# the cumulative method, or not at all: "cumulative" or "none".
PAYOUT_MIN_FEN = env.int("PAYOUT_MIN_FEN", default=1_000)
# The scene of WeChat Pay that commission is transferred in, and the work it names.
PAYOUT_SCENE_ID = env.str("PAYOUT_SCENE_ID", default="1005")
PAYOUT_SCENE_JOB = env.str("PAYOUT_SCENE_JOB", default="社区团长")
SETTLEMENT_REVIEW_DEBT_FEN = env.int("SETTLEMENT_REVIEW_DEBT_FEN", default=20_000)
TAX_METHOD = env.str("TAX_METHOD", default="cumulative")
# A cost that differs by more from the last one is shown to the buyer first.
PRICE_JUMP_PERCENT = env.int("PRICE_JUMP_PERCENT", default=15)
# Prices. What a landed cost is made of beside the supplier's price and the commission:
# carrying a kilogram in, what goes back for short and bad goods, the provider's fee.
INBOUND_FEN_PER_KG = env.int("INBOUND_FEN_PER_KG", default=40)
REFUND_RESERVE_BP = env.int("REFUND_RESERVE_BP", default=200)
PAYMENT_FEE_BP = env.int("PAYMENT_FEE_BP", default=60)
# A former price is struck through only if it was the lowest of so many days; never below 7.
STRIKE_DAYS = env.int("STRIKE_DAYS", default=30)
# What a buyer is warned of before a campaign opens: a selling price that differs by more
# from the last one, a margin below this, more pieces for one resident, more SKUs.
SALE_PRICE_JUMP_PERCENT = env.int("SALE_PRICE_JUMP_PERCENT", default=30)
MARGIN_MIN_BP = env.int("MARGIN_MIN_BP", default=500)
LOSS_LEADER_LIMIT_QTY = env.int("LOSS_LEADER_LIMIT_QTY", default=2)
RESIDENT_LIMIT_QTY = env.int("RESIDENT_LIMIT_QTY", default=20)
CAMPAIGN_SKUS_MAX = env.int("CAMPAIGN_SKUS_MAX", default=150)
# A supplier's link works this long; a silent supplier is reminded so long before its time is up.
SUPPLIER_LINK_HOURS = env.int("SUPPLIER_LINK_HOURS", default=48)
PURCHASE_REMINDER_LEAD_MINUTES = env.int("PURCHASE_REMINDER_LEAD_MINUTES", default=5)
# A supplier may object to a claim this long; after that it counts as accepted.
SUPPLIER_OBJECTION_HOURS = env.int("SUPPLIER_OBJECTION_HOURS", default=48)
# When suppliers may be at the dock, in the operator's time zone.
DOCK_OPENS = env.str("DOCK_OPENS", default="22:00")
DOCK_CLOSES = env.str("DOCK_CLOSES", default="06:00")
# A driver may take an ending back this long; then it goes into the books.
DRIVER_UNDO_MINUTES = env.int("DRIVER_UNDO_MINUTES", default=3)
# A leader is told when a delivery comes so long after the announced window.
LATE_ALERT_MINUTES = env.int("LATE_ALERT_MINUTES", default=20)
# A leader may report differences this long after the handover; then the goods are accepted.
HANDOVER_CLAIM_HOURS_COLD = env.int("HANDOVER_CLAIM_HOURS_COLD", default=2)
HANDOVER_CLAIM_HOURS = env.int("HANDOVER_CLAIM_HOURS", default=12)
# Claims: how long the leader may say a word (silence agrees), how soon the
# service desk says its first, and when it has decided.
CLAIM_LEADER_HOURS = env.int("CLAIM_LEADER_HOURS", default=2)
CLAIM_FIRST_ANSWER_MINUTES = env.int("CLAIM_FIRST_ANSWER_MINUTES", default=30)
CLAIM_DECIDE_HOURS = env.int("CLAIM_DECIDE_HOURS", default=12)
# What a rule may approve: the most of one claim, and how many of one resident in how many days.
CLAIM_AUTOMATIC_MAX_FEN = env.int("CLAIM_AUTOMATIC_MAX_FEN", default=1_000)
CLAIM_AUTOMATIC_PER_RESIDENT = env.int("CLAIM_AUTOMATIC_PER_RESIDENT", default=2)
CLAIM_AUTOMATIC_DAYS = env.int("CLAIM_AUTOMATIC_DAYS", default=7)
# A person looks at a resident's claims after so many rejected ones, or from so many
# claims on where they are more than this share of the lines bought, in so many days.
CLAIM_RISK_DAYS = env.int("CLAIM_RISK_DAYS", default=90)
CLAIM_RISK_REJECTED = env.int("CLAIM_RISK_REJECTED", default=2)
CLAIM_RISK_CLAIMS = env.int("CLAIM_RISK_CLAIMS", default=3)
CLAIM_RISK_SHARE_BP = env.int("CLAIM_RISK_SHARE_BP", default=2_000)
# Goods so little lighter than sold are a matter of weighing; a SKU may have its own tolerance.
CLAIM_WEIGHT_TOLERANCE_BP = env.int("CLAIM_WEIGHT_TOLERANCE_BP", default=300)
# A photo is looked for in the claims of so many days.
CLAIM_PHOTO_DAYS = env.int("CLAIM_PHOTO_DAYS", default=180)
# Above this much a claim's refund needs the signature of finance; what waits for
# a second person's signature lapses after so many hours.
SERVICE_REFUND_MAX_FEN = env.int("SERVICE_REFUND_MAX_FEN", default=20_000)
COUNTERSIGN_HOURS = env.int("COUNTERSIGN_HOURS", default=24)
# Left over goods go into the need of a campaign until they are this old.
LEFTOVER_MAX_AGE_DAYS = env.int("LEFTOVER_MAX_AGE_DAYS", default=2)
# Short weight worth less than this stays: paying it back costs more.
WEIGHT_REFUND_MIN_FEN = env.int("WEIGHT_REFUND_MIN_FEN", default=10)
# Printers that pull paper in askew: name=right:down in mm, such as dock=0.5:-1.
LABEL_PRINTERS = env.list("LABEL_PRINTERS", default=[])
# A leader who posts more often a day is warned.
LEADER_PUSHES_PER_DAY = env.int("LEADER_PUSHES_PER_DAY", default=8)
# The operator is warned when so much of the sales of 30 days hangs on few leaders.
CONCENTRATION_TOP_TENTH_BP = env.int("CONCENTRATION_TOP_TENTH_BP", default=5_000)
CONCENTRATION_TOP_LEADER_BP = env.int("CONCENTRATION_TOP_LEADER_BP", default=1_000)
# What no row tells of the cost of a piece in the key figures.
WAREHOUSE_FEN_PER_PIECE = env.int("WAREHOUSE_FEN_PER_PIECE", default=30)
PACKING_FEN_PER_PIECE = env.int("PACKING_FEN_PER_PIECE", default=5)
# Figures of a campaign still change so long after its delivery: refunds, claims, commission.
FIGURES_SETTLED_DAYS = env.int("FIGURES_SETTLED_DAYS", default=14)
# Report files are removed after so long; a schedule goes to so many addresses at most.
REPORT_KEEP_DAYS = env.int("REPORT_KEEP_DAYS", default=90)
REPORT_RECIPIENTS_MAX = env.int("REPORT_RECIPIENTS_MAX", default=20)
COMMISSION_RATE_BP = env.int("COMMISSION_RATE_BP", default=1000)
COMMISSION_HOLD_DAYS = env.int("COMMISSION_HOLD_DAYS", default=3)

# Recruiting -----------------------------------------------------------------
# A point closer to another than this is shown to the recruiter; people live
# closer together in dense districts, and a village has one point.
PROTECTION_RADIUS_M = env.int("PROTECTION_RADIUS_M", default=500)
PROTECTION_RADIUS_DENSE_M = env.int("PROTECTION_RADIUS_DENSE_M", default=300)
DENSE_DISTRICTS = env.list("DENSE_DISTRICTS", default=[])
# An invite code works so long, and a leader has so many unused ones at most.
INVITE_DAYS = env.int("INVITE_DAYS", default=14)
INVITES_OPEN_MAX = env.int("INVITES_OPEN_MAX", default=5)
# Off at 0: a fixed sum, once, after so many completed orders of the new leader's own.
REFERRAL_BONUS_FEN = env.int("REFERRAL_BONUS_FEN", default=0)
REFERRAL_BONUS_ORDERS = env.int("REFERRAL_BONUS_ORDERS", default=30)
# A leader on trial without an order for so long is suspended.
TRIAL_QUIET_DAYS = env.int("TRIAL_QUIET_DAYS", default=30)
# Between the notice and the last day, when the operator ends it and when the leader does.
EXIT_NOTICE_DAYS_OPERATOR = env.int("EXIT_NOTICE_DAYS_OPERATOR", default=30)
EXIT_NOTICE_DAYS_LEADER = env.int("EXIT_NOTICE_DAYS_LEADER", default=7)

# Compliance -----------------------------------------------------------------
# Who is written to when a licence runs out, and categories whose goods need a
# quarantine certificate or a certificate of conformity for every batch.
COMPLIANCE_MAIL = env.list("COMPLIANCE_MAIL", default=[])
QUARANTINE_CATEGORIES = env.list("QUARANTINE_CATEGORIES", default=["鲜肉", "禽蛋"])
CONFORMITY_CATEGORIES = env.list(
    "CONFORMITY_CATEGORIES", default=["叶菜", "根茎", "瓜茄豆", "菌菇", "水果"]
)
# A request about personal data is answered within so many days; who a trade was
# with is kept sealed so many years after the last (E-Commerce Law, article 31).
PERSON_REQUEST_DAYS = env.int("PERSON_REQUEST_DAYS", default=15)
TRADE_KEPT_YEARS = env.int("TRADE_KEPT_YEARS", default=3)
# So many days things are kept that nobody needs any longer (docs/personal-data.md):
# words of messages, tokens that have ended, clicks, texts of group chains, rejected
# applications, photos of claims, hand-out lists.
RETAIN_MESSAGES_DAYS = env.int("RETAIN_MESSAGES_DAYS", default=90)
RETAIN_TOKENS_DAYS = env.int("RETAIN_TOKENS_DAYS", default=30)
RETAIN_CLICKS_DAYS = env.int("RETAIN_CLICKS_DAYS", default=180)
RETAIN_CHAINS_DAYS = env.int("RETAIN_CHAINS_DAYS", default=30)
RETAIN_APPLICATIONS_DAYS = env.int("RETAIN_APPLICATIONS_DAYS", default=180)
RETAIN_CLAIM_PHOTOS_DAYS = env.int("RETAIN_CLAIM_PHOTOS_DAYS", default=365)
RETAIN_PAPERS_DAYS = env.int("RETAIN_PAPERS_DAYS", default=90)
