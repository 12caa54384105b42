"""Where readers report errors: a form that anybody may send, of which nothing is shown again to anybody outside.

It reaches one function of `editorial` and nothing else of the register (decision 19).
"""
