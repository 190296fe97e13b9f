"""Ways of voting as pure functions: votes in, a result with its reasons out; nothing here knows who may vote.

- `assent`: owners of a building, by head and by area (Civil Code of the PRC, article 278).
- `hands`: a show of hands, counted against a quorum.
- `consent`: everybody may object with a reason; an objection stands until it is answered.
- `scores`: points for each choice; the highest median decides.
- `schulze`: choices put into an order (beat paths).
"""
