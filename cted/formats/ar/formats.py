"""Without a comma before the year, and the day before the month also where no year follows."""

DATE_FORMAT = "j F Y"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
DATETIME_FORMAT = "j F Y، H:i"
NUMBER_GROUPING = 3
