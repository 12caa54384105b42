"""No leading zeros, as in the format of whole dates."""

MONTH_DAY_FORMAT = "n月j日"
