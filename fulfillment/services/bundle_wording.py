"""What an import says about what it met; the domain only names the finding."""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from fulfillment.domain.bundle import Finding, ImportWarning

WORDING: Mapping[Finding, str] = {
    Finding.CAMPAIGN_FIELD_UNUSABLE: gettext_noop(
        "“%(column)s” is missing or cannot be understood: “%(value)s”."
    ),
    Finding.CAMPAIGN_CLOCKS_OUT_OF_ORDER: gettext_noop(
        "The campaign must open before its orders close, and its payments must close at least "
        "2 minutes after that."
    ),
    Finding.WAREHOUSE_MISSING: gettext_noop("No warehouse can be used; a day starts from one."),
    Finding.CELLS_TOO_MANY: gettext_noop(
        "The row has more cells than the header; a comma is missing its quotation marks. "
        "Row left out."
    ),
    Finding.CODE_MISSING: gettext_noop("“%(column)s” is empty. Row left out."),
    Finding.CODE_UNUSABLE: gettext_noop(
        "“%(column)s” is empty, longer than %(limit)s characters or unprintable: "
        "“%(value)s”. Row left out."
    ),
    Finding.CODE_REPEATED: gettext_noop(
        "Code %(code)s stands in row %(first_row)s already. Row left out."
    ),
    Finding.NUMBER_UNUSABLE: gettext_noop(
        "“%(column)s” must be a whole number from %(low)s to %(high)s, not “%(value)s”. "
        "Row left out."
    ),
    Finding.CHOICE_UNKNOWN: gettext_noop(
        "“%(column)s” must be one of %(choices)s, not “%(value)s”. Row left out."
    ),
    Finding.MOMENT_UNUSABLE: gettext_noop(
        "“%(column)s” is no date and time: “%(value)s”. Row left out."
    ),
    Finding.COORDINATES_UNUSABLE: gettext_noop(
        "“%(column)s” is no coordinate: “%(value)s”. Row left out."
    ),
    Finding.COORDINATES_OUTSIDE_CHINA: gettext_noop(
        "The coordinates %(lng)s, %(lat)s lie outside China. Row left out."
    ),
    Finding.SHIFT_UNUSABLE: gettext_noop(
        "A shift cannot last from “%(start)s” to “%(end)s”. Row left out."
    ),
    Finding.LEADER_UNKNOWN: gettext_noop("There is no leader %(code)s. Row left out."),
    Finding.SKU_UNKNOWN: gettext_noop("There is no SKU %(code)s. Row left out."),
    Finding.ORDER_CONFLICTS: gettext_noop(
        "Order %(order_no)s in row %(first_row)s has another “%(column)s”; two orders cannot "
        "share a number. Row left out."
    ),
    Finding.ORDER_EMPTY: gettext_noop(
        "No line of order %(order_no)s could be understood; the order was left out."
    ),
    Finding.SKU_REPEATED: gettext_noop(
        "Order %(order_no)s has SKU %(code)s in row %(first_row)s already. Row left out."
    ),
    Finding.RECEIPT_REPEATED: gettext_noop(
        "SKU %(code)s was counted in row %(first_row)s already. Row left out."
    ),
    Finding.TEXT_CUT: gettext_noop(
        "“%(column)s” has %(length)s characters and was cut to %(limit)s."
    ),
    Finding.TEXT_CLEANED: gettext_noop(
        "Unprintable characters in “%(column)s” were replaced by blanks."
    ),
    Finding.TEXT_MISSING: gettext_noop("“%(column)s” is empty; “%(used)s” stands in for it."),
    Finding.PHONE_LEFT_OUT: gettext_noop(
        "“%(column)s” is no phone number and was left empty: “%(value)s”."
    ),
    Finding.VALUE_REPLACED: gettext_noop(
        "“%(column)s” cannot be understood: “%(value)s”; “%(used)s” was used instead."
    ),
    Finding.COORDINATES_SWAPPED: gettext_noop(
        "Longitude and latitude were exchanged; %(lng)s, %(lat)s was used."
    ),
    Finding.WAREHOUSE_FAR: gettext_noop(
        "The point of leader %(code)s lies %(distance_km)s km from the warehouse."
    ),
    Finding.SUPPLIER_ASSUMED: gettext_noop(
        "Supplier %(code)s is not in suppliers.csv and was added under its code."
    ),
    Finding.PRICE_BELOW_COST: gettext_noop(
        "The price of %(price_fen)s fen lies below the cost of %(cost_fen)s fen."
    ),
    Finding.PRICE_DIFFERS: gettext_noop(
        "SKU %(code)s was paid at %(paid_fen)s fen and is listed at %(listed_fen)s; "
        "what was paid stands."
    ),
    Finding.ORDER_DETAILS_DIFFER: gettext_noop(
        "Name, phone or door of order %(order_no)s differ from row %(first_row)s, which stands."
    ),
    Finding.RESIDENT_DETAILS_DIFFER: gettext_noop(
        "Name, phone or door of resident %(code)s differ from row %(first_row)s; "
        "each order keeps its own."
    ),
    Finding.PLACED_OUTSIDE_WINDOW: gettext_noop(
        "Order %(order_no)s was placed while the campaign was closed; it is paid and was kept."
    ),
    Finding.PAID_BEFORE_PLACED: gettext_noop(
        "Order %(order_no)s was paid before it was placed; it was kept."
    ),
    Finding.PAID_AFTER_CLOSE: gettext_noop(
        "Order %(order_no)s was paid after payments closed; it is paid and was kept."
    ),
    Finding.STOCK_CAP_EXCEEDED: gettext_noop(
        "With order %(order_no)s, %(total)s pieces of SKU %(code)s are sold and the cap is "
        "%(limit)s; the line is paid and was kept."
    ),
    Finding.RESIDENT_LIMIT_EXCEEDED: gettext_noop(
        "With order %(order_no)s, resident %(resident)s has %(total)s pieces of SKU %(code)s "
        "and the limit is %(limit)s; the line is paid and was kept."
    ),
    Finding.RECEIPT_SUM_DIFFERS: gettext_noop(
        "Accepted and rejected pieces of SKU %(code)s add up to %(counted)s, not %(arrived)s; "
        "the sum was used."
    ),
    Finding.RECEIPT_OTHER_SUPPLIER: gettext_noop(
        "SKU %(code)s was received from %(found)s and is bought from %(listed)s; "
        "the count was kept."
    ),
    Finding.RECEIPT_MISSING: gettext_noop(
        "%(qty)s pieces of SKU %(code)s were sold and none was counted at the dock; "
        "they will be refunded."
    ),
}


def import_message(warning: ImportWarning) -> str:
    """The sentence about one finding, in the language that is active."""
    return gettext(WORDING[warning.finding]) % dict(warning.params)
