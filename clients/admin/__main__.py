"""`python -m clients.admin` is `tamdid`."""

from clients.admin.main import app

app(prog_name="tamdid")
