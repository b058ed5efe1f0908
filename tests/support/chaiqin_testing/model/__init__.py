"""An independent model of chaiqin's attribution and counting.

Written from the contract's text, apart from the product's code, so that both can be compared. It
does not check records: the caller says which lines are INVALID.
"""

from .agencies import Agencies
from .dates import month_of, months_apart, previous_month, roc_day, roc_month, roc_text
from .filing import Claims, filing, frozen_filing, rates
from .findings import Findings, Sent
from .records import Store, identity_of, menders, monthly
from .rules import ALL_RULES, Rules
from .table19 import Table19

__all__ = [
    "ALL_RULES",
    "Agencies",
    "Claims",
    "Findings",
    "Rules",
    "Sent",
    "Store",
    "Table19",
    "filing",
    "frozen_filing",
    "identity_of",
    "menders",
    "month_of",
    "monthly",
    "months_apart",
    "previous_month",
    "rates",
    "roc_day",
    "roc_month",
    "roc_text",
]
