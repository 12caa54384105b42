"""No leading zeros, as in the format of whole dates; numbers in threes, as the United Nations writes them."""

MONTH_DAY_FORMAT = "n月j日"
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
