"""Dates as a Dane writes them. Months are spelt out by us: no locale of the machine is asked."""

from datetime import date

MONTHS = (
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
)


def danish_date(day: date) -> str:
    """A day as `31. januar 2027`."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
