"""The month in the genitive, as after a day."""

MONTH_DAY_FORMAT = "j E"
