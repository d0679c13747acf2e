"""Real contracts with their real bids, taken through the real verbs: does the law's procedure award the same?"""
