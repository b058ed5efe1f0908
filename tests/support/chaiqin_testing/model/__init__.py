"""An independent model of chaiqin's attribution and counting.

Written from the contract's text, apart from the product's code, so that both can be compared. It does not check
records: the caller says which lines are INVALID.
"""
from .agencies import Agencies
from .dates import month_of, months_apart, previous_month, roc_day, roc_month, roc_text
from .filing import Claims, filing, rates
from .records import Store, monthly
from .rules import ALL_RULES, Rules
from .table19 import Table19

__all__ = ["ALL_RULES", "Agencies", "Claims", "Rules", "Store", "Table19", "filing", "month_of", "monthly",
           "months_apart", "previous_month", "rates", "roc_day", "roc_month", "roc_text"]
