"""Nothing that was acknowledged is lost when the server is killed: `make crash`.

A round: people write through the admin, in a process of their own (`client`), until the server is killed at
a random moment (`servers`). What they had been told is then looked for in the database, and the database is looked
through for what must never be (`checks`).
"""
