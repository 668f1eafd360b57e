"""The one truth about merit: what has been decided about whom; posted, reversed, never edited."""

from cadre_incentive.ledger.entries import post, reverse
from cadre_incentive.ledger.principals import principals_in_office
from cadre_incentive.ledger.strikes import STRIKE, settle_strikes, strikes_of_year

__all__ = ["STRIKE", "post", "principals_in_office", "reverse", "settle_strikes", "strikes_of_year"]
